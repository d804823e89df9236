"""A page acts only on the account it was made for.

The account stands in the session, which all tabs share; the page in a tab may still show another
one. So each page says whose it is, and what it sends is compared before anything is done.
"""

from __future__ import annotations

from flask import Flask, flash, request
from flask_babel import gettext
from werkzeug import Response

from portal.web import errors, replies
from portal.web.who import seat, visit

FIELD = "seat"
HEADER = "X-Seat"
"""What HTMX sends with everything, and the only way to say it in a GET."""
CONFLICT = 409
ANYWHERE = frozenset({"auth.sign_out", "language.change", "seats.choose"})
"""Do the same whichever account the page showed."""


def attach(app: Flask) -> None:
    app.before_request(_compare)
    app.add_template_global(seat_mark)
    app.add_template_global(seat_headers)


def seat_mark() -> str:
    """Names the seat of this request on its pages; empty outside every account."""
    place, here = seat(), visit()
    if place is None:
        return ""
    return f"{place[0].id} {here.name}" if here else place[0].id


def seat_headers() -> dict[str, str]:
    """For HTMX, on the body of every page."""
    return {HEADER: seat_mark()}


def _compare() -> Response | None:
    """Whoever has no seat gets at no account anyway, and is told so elsewhere."""
    reads = request.method in ("GET", "HEAD", "OPTIONS")
    if (
        (reads and not replies.wants_fragment())
        or (request.endpoint or "") in ANYWHERE
        or request.path.startswith("/api/")
        or seat() is None
        or {seat_mark()} == _named()
    ):
        return None
    return _elsewhere()


def _named() -> set[str]:
    """The seat that the page says it was made for; more than one if it contradicts itself."""
    return {request.headers.get(HEADER, ""), *request.form.getlist(FIELD)} - {""}


def _elsewhere() -> Response:
    place = seat()
    title = gettext("You are in another account now")
    advice = gettext(
        "Nothing was changed: this page was of another account, and meanwhile you went to"
        " %(name)s in another tab. Load the page again to go on there.",
        name=place[0].name if place else "",
    )
    if not replies.wants_fragment():
        return errors.page(CONFLICT, title, advice, again=replies.origin())
    flash(f"{title}. {advice}", "info")
    answer = replies.go(replies.origin())
    answer.status_code = CONFLICT
    return answer
