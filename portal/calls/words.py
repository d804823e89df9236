"""A call of the ledger in words, for the journal and the call's own page."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from core.call import Call, Direction
from core.models import CallEvent, CallRow, CallState, QueuedCall
from core.phone import display, e164
from core.reasons import Reason, stored
from core.texts import label, say
from portal.web.dates import wall_clock


def said(reason: Reason) -> str:
    """A reason in the language of the page, its days as the pages write them."""
    return say(reason, str(get_locale()), wall_clock)


def sentence(code: str, params: dict[str, Any]) -> str:
    """A reason of the ledger in words; empty without one."""
    return said(stored(code, params))


def reason_sentence(row: CallRow | QueuedCall | CallEvent) -> str:
    return sentence(row.reason_code, row.reason_params)


def trace_sentences(row: CallRow, call: Call | None) -> list[str]:
    """Every branch taken on the way to the decision, in order; before there is one, what was
    changed when the call came in."""
    if steps := row.trace.get("steps"):
        return [sentence(code, params) for code, params in steps]
    return [said(change) for change in call.changes] if call else []


def state_name(state: str) -> str:
    return {
        CallState.WAITING: _("waiting"),
        CallState.DELIVERING: _("being written"),
        CallState.RETRY: _("trying again"),
        CallState.HELD: _("held"),
        CallState.DONE: _("written"),
        CallState.SKIPPED: _("skipped"),
        CallState.ATTENTION: _("needs attention"),
    }[CallState(state)]


def is_waiting(row: CallRow) -> bool:
    """For more than its turn: a person may have it go now."""
    return row.queued is not None and bool(row.queued.waits)


def state_look(state: str) -> str:
    """Which of the four looks of a pill: good, wait, bad or idle."""
    return {
        CallState.DONE: "good",
        CallState.SKIPPED: "idle",
        CallState.ATTENTION: "bad",
    }.get(CallState(state), "wait")


def kind_name(row: CallRow) -> str:
    """Which way it went, and whether somebody answered."""
    if row.direction == Direction.INNER:
        return _("Internal")
    if row.direction == Direction.OUT:
        return _("Outgoing") if row.answered else _("Outgoing, no answer")
    return _("Incoming") if row.answered else _("Missed")


def kind_icon(row: CallRow) -> str:
    if row.direction == Direction.INNER:
        return "inner"
    if row.direction == Direction.OUT:
        return "out"
    return "in" if row.answered else "missed"


def number_text(row: CallRow, region: str) -> str:
    """For people; internal and short numbers stay as they are."""
    if not any(map(str.isdigit, row.number)):
        return _("number withheld")
    return display(row.number, region) if row.number.startswith("+") else row.number


def line_text(line: str, region: str) -> str:
    """An external line for people: a number as numbers are written, a site's name as it is."""
    is_number = _NUMBER.fullmatch(line) and e164(line, region)
    return display(line, region) if is_number else line


_NUMBER = re.compile(r"[\d\s()+.-]+")


def outcome_text(call: Call) -> str:
    """Telephony's final state in words."""
    return label(f"state.{call.state}", str(get_locale()))


def breakable(text: str) -> Markup:
    """For narrow screens: a code such as `REQUEST_LIMIT_EXCEEDED` may break after its underscores
    rather than inside a word."""
    return Markup("<wbr>").join(_INSIDE.split(text))


_INSIDE = re.compile(r"(?<=_)(?=[^\W_])")

FILTERS = (
    breakable,
    is_waiting,
    kind_icon,
    kind_name,
    line_text,
    number_text,
    outcome_text,
    reason_sentence,
    said,
    state_look,
    state_name,
)
"""What templates use of these."""


def attach(app: Flask) -> None:
    for word in FILTERS:
        app.add_template_filter(word)
