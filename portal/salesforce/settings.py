"""The changing part of the settings page: the connection and, once it is on, the blocks below."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from markupsafe import Markup
from werkzeug import Response

from core.connection import ConnectionState
from core.models import Account
from portal.salesforce import connection_card
from portal.salesforce.blocks import MAIN, MORE, render
from portal.web import replies
from portal.web.connection import current_connection
from portal.web.who import current_account


def settings(account: Account, **card: Any) -> dict[str, Any]:
    """Variables of `_settings.html`; `card` overrides those of the connection card."""
    connection = render(connection_card.BLOCK, account, **card)
    connected = current_connection().state is not ConnectionState.NONE
    if not connection_card.is_on():
        return {"connection": connection, "is_connected": connected}
    return {
        "connection": connection,
        "is_connected": connected,
        "main_blocks": [render(block, account) for block in MAIN],
        "more_blocks": [render(block, account) for block in MORE],
    }


def settings_now() -> Response:
    """After a change of the connection: the settings as they are now."""
    if not replies.wants_fragment():
        return replies.go(url_for("salesforce.page"))
    return replies.changed(_fragment(), url_for("salesforce.page"))


def settings_refused(**card: Any) -> Response:
    """422: the card with what was typed, and why it was not taken."""
    return replies.show(
        "salesforce/page.html",
        "salesforce/_settings.html",
        replies.REFUSED,
        **settings(current_account(), **card),
    )


def _fragment() -> Markup:
    html = render_template("salesforce/_settings.html", **settings(current_account()))
    return Markup(html)  # noqa: S704 - the template escaped it
