"""The language of the cabinet: the person's own, else the browser's; kept in a cookie, too."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, request
from werkzeug import Response

from portal import people
from portal.services import store

bp = Blueprint("language", __name__)

LANGUAGES = {"ru": "Русский", "uk": "Українська", "en": "English"}
"""Each by its own name, so that everybody finds theirs."""
COOKIE = "language"
FOR_A_YEAR = timedelta(days=365)


def choose() -> str:
    """What Flask-Babel asks on each request."""
    person = people.current_person()
    for wish in (person and person.language, request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return str(wish)
    return request.accept_languages.best_match(LANGUAGES) or "ru"


@bp.post("/language")
def change() -> Response:
    """A person's choice, also a stranger's on the sign-in page."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        abort(400)
    if person := people.current_person():
        store().accounts.set_language(person.id, language)
    answer = redirect(_page_of_ours(request.referrer), code=303)
    answer.set_cookie(
        COOKIE, language, max_age=FOR_A_YEAR, secure=request.is_secure, httponly=True, samesite="Lax"
    )
    return answer


def _page_of_ours(referrer: str | None) -> str:
    """The path and query a form was sent from; the start when it was not one of our pages."""
    parts = urlsplit(referrer or "")
    if parts.netloc != request.host or parts.path.startswith("//"):
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")
