"""The language of the cabinet: the person's own, else the browser's; kept in a cookie, too."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, request
from werkzeug import Response

from core.languages import LANGUAGES
from portal.web import replies, who
from portal.web.services import store

bp = Blueprint("language", __name__)

COOKIE = "language"
FOR_A_YEAR = timedelta(days=365)


def choose() -> str:
    """What Flask-Babel asks on each request."""
    person = who.current_person()
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
    if person := who.current_person():
        store().accounts.set_language(person.id, language)
    answer = replies.back()
    answer.set_cookie(
        COOKIE,
        language,
        max_age=FOR_A_YEAR,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return answer
