"""How a test call went, in a few words: for its page and the connection card."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from core import reasons
from core.plan import Outcome
from core.test_call import Report

_NOT_OVER = (reasons.test_call.broken_off, reasons.test_call.unanswered)


def verdict(report: Report) -> tuple[str, str]:
    """A pill's look and words."""
    differ = sum(not field.is_same for one in report.records for field in one.fields)
    if report.left and report.is_written:
        return "bad", _("Not all was removed")
    if report.trouble and report.trouble.is_one_of(*_NOT_OVER):
        return "bad", _("Broken off")
    if report.trouble:
        return "bad", _("Not written")
    if report.outcome == Outcome.SKIP:
        return "idle", _("Such a call is skipped")
    if report.left:
        return "bad", _("Not all was removed")
    if differ:
        return "wait", ngettext("%(num)s field differs", "%(num)s fields differ", differ)
    if any(not one.is_read for one in report.records):
        return "wait", _("Written, not all seen again")
    return "good", _("All as written")
