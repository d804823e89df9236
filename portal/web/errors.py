"""What people and programs see when something is wrong."""

from __future__ import annotations

import structlog
from flask import Flask, jsonify, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug import Response
from werkzeug.exceptions import HTTPException, InternalServerError

from core.secrets import CannotUnseal
from portal.web import replies, who
from portal.web.extensions import login
from portal.web.flask_settings import LARGEST_REQUEST

log = structlog.get_logger()


def attach(app: Flask) -> None:
    login.unauthorized_handler(replies.sign_in_again)
    app.register_error_handler(CSRFError, _old_page)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(CannotUnseal, _unreadable)
    app.register_error_handler(Exception, _broken)


def _old_page(error: CSRFError) -> Response:
    """A form without a good token: its session ended, or another one began in another tab."""
    if who.current_person() is None and request.endpoint != "auth.check":
        return replies.sign_in_again()
    return page(
        400,
        gettext("This page was open for too long"),
        gettext("Nothing was changed. Load the page again and repeat the last step."),
    )


def _refused(error: HTTPException) -> Response:
    if isinstance(error.response, Response):
        return error.response  # whoever refused said it in its own words
    status = error.code or 500
    if request.path.startswith("/api/"):
        answer: Response = jsonify(error=error.name.lower())
        answer.status_code = status
    else:
        answer = page(status, *_words(status))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            answer.headers[name] = value
    return answer


def _unreadable(error: CannotUnseal) -> Response:
    """A key was taken out of TOKEN_KEYS too early; only who has it can help."""
    log.error("secret cannot be read", path=request.path, error=str(error))
    return page(
        503,
        gettext("A secret kept here cannot be opened"),
        gettext(
            "A key is missing on our side: write to support, who have to put it back or take"
            " your second factor away. A recovery code still signs you in."
        ),
    )


def _broken(error: Exception) -> Response:
    # The address only: a query may hold a number, the error's text a token.
    log.error("request failed", path=request.path, exc_info=error)
    return _refused(InternalServerError())


def page(status: int, title: str, advice: str) -> Response:
    """A refusal in words."""
    if replies.wants_fragment():
        return replies.notice(
            render_template("web/_error.html", title=title, advice=advice), status
        )
    return make_response(render_template("web/error.html", title=title, advice=advice), status)


def _words(status: int) -> tuple[str, str]:
    """What happened, and what to do."""
    words = {
        401: (gettext("Please sign in"), gettext("Sign in and try again.")),
        403: (
            gettext("This is not open to you"),
            gettext("Ask an owner of the account to do it, or to make you an owner."),
        ),
        404: (
            gettext("Page not found"),
            gettext("The address may be wrong, or the page no longer exists."),
        ),
        405: (gettext("This cannot be done here"), gettext("Go back and try another way.")),
        413: (
            gettext("The file is too large"),
            gettext("At most %(most)s KB.", most=LARGEST_REQUEST // 1024),
        ),
        415: (gettext("Unknown kind of data"), gettext("Send JSON or a form.")),
        429: (gettext("Too many tries"), gettext("Wait a minute, then try again.")),
    }
    if status >= 500:
        return (
            gettext("Something broke on our side"),
            gettext("It has been written down. Try again in a minute."),
        )
    unknown = (gettext("This did not work"), gettext("Go back and try again."))
    return words.get(status, unknown)
