"""The offer to try calls again once a changed setting may have mended what kept them back."""

from __future__ import annotations

from flask import Flask
from flask_babel import ngettext

from core.store.journal import COUNT_AT_MOST
from portal.web.services import store
from portal.web.who import current_account


def attach(app: Flask) -> None:
    app.add_template_global(offer, "again_offer")


def offer() -> str:
    """How many calls need the person, in words; empty when none does, or when trying them again
    would write nothing: switched off, or without a connection that works."""
    count = store().journal.worth_trying(current_account().id)
    if not count:
        return ""
    shown = f"{count}+" if count >= COUNT_AT_MOST else count
    return ngettext("%(count)s call needs you.", "%(count)s calls need you.", count, count=shown)
