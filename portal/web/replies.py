"""Answers to browsers, with HTMX and without: the only file that knows HTMX headers.

htmx 4 says with `HX-Request-Type: partial` that it will put the answer into a part of the page.
Without it (no JavaScript, a boosted link, a page restored from history) the answer is a page.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug import Response

from portal.web.extensions import htmx

REFUSED = 422
"""The form was understood and a value in it was not taken."""


def attach(app: Flask) -> None:
    app.after_request(_vary)


def wants_fragment() -> bool:
    """Whether the answer goes into a part of the page."""
    return (
        bool(htmx)
        and request.headers.get("HX-Request-Type") == "partial"
        and not htmx.boosted
        and not htmx.history_restore_request
    )


def show(page: str, fragment: str, status: int = 200, **variables: Any) -> Response:
    """The page, or only its changing part: `fragment` is a template that `page` includes."""
    template = fragment if wants_fragment() else page
    return make_response(render_template(template, **variables), status)


def changed(fragment: str | Markup, to: str) -> Response:
    """After a change: HTMX gets the changed part (rendered), others go to see it on its page."""
    return make_response(fragment) if wants_fragment() else redirect(to, 303)


def notice(html: str, status: int) -> Response:
    """What went wrong, beside the part of the page that was asked for: that one stays."""
    return _put(make_response(html, status), "#notices", "innerHTML")


def own_refusal(response: Response, part: str) -> Response:
    """An error that comes worded in the part of the page it is about, named by its id."""
    return _put(response, f"#{part}", "outerMorph")


def _put(response: Response, where: str, how: str) -> Response:
    """Pages show an error only where it says that it belongs."""
    response.headers["HX-Retarget"] = where
    response.headers["HX-Reswap"] = how
    return response


def go(to: str) -> Response:
    """Leave this page, with or without HTMX."""
    if not wants_fragment():
        return redirect(to, 303)
    response = make_response("", 204)
    response.headers["HX-Redirect"] = to
    return response


def back() -> Response:
    """To the page the person was on, on this site."""
    return go(origin())


def origin() -> str:
    """The page the person was on, on this site; else the start."""
    return local_path(_origin_page()) or url_for("index")


def sign_in_again() -> Response:
    """Somebody must sign in (again); afterwards they are brought back to the page they were on."""
    if request.method == "POST" and request.endpoint != "auth.sign_out":
        flash(
            gettext(
                "The session has ended. The last change was not saved: sign in and make it again."
            ),
            "bad",
        )
    page = _origin_page() if wants_fragment() or request.method != "GET" else request.full_path
    return go(url_for("auth.sign_in", next=local_path(page) or None))


def local_path(address: str | None) -> str:
    """The path and query of an address on this site; empty for anything else."""
    try:
        parts = urlsplit((address or "").replace("\\", "/"))
    except ValueError:  # brackets that are no IPv6 address, characters that look like others
        return ""
    if parts.netloc not in ("", request.host) or parts.scheme not in ("", "http", "https"):
        return ""
    if not parts.path.startswith("/") or parts.path.startswith("//"):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _origin_page() -> str | None:
    return htmx.current_url or request.referrer


def _vary(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.update(["HX-Request", "HX-Request-Type"])
        # A page of somebody's calls must not stay in a cache after they signed out.
        response.headers.setdefault("Cache-Control", "no-store")
    return response
