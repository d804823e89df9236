"""Messages on the page that comes next. What is told of an account, only its own pages show.

Flask's own `flash` is for what concerns the person: whichever page comes next shows it.
"""

from __future__ import annotations

from flask import Flask, get_flashed_messages

from portal.web.address import account_name
from portal.web.by_account import keep, kept, take

TOLD = "told"
MOST = 3
"""Messages that wait for one account's next page, the newest: cookies are small."""


def attach(app: Flask) -> None:
    app.add_template_global(flashes)


def tell(message: str, kind: str) -> None:
    """On the page, or the part of it, that comes next of the account of this request."""
    account = account_name()
    waiting = [*kept(TOLD).get(account, []), [kind, message]]
    keep(TOLD, account, waiting[-MOST:])


def flashes() -> list[tuple[str, str]]:
    """(kind, message): what the person is told, then the account of this request; each once."""
    here = take(TOLD, account_name()) or []
    return [*get_flashed_messages(with_categories=True), *((kind, said) for kind, said in here)]
