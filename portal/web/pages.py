"""What every page has: the way in, the navigation's variables, words and addresses of files."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, redirect, url_for
from flask_babel import format_datetime, format_decimal, get_locale
from flask_login import login_required
from werkzeug import Response

from core.languages import LANGUAGES
from portal.web import who
from portal.web.agents import browser
from portal.web.dates import moment
from portal.web.services import config


def attach(app: Flask) -> None:
    app.add_url_rule("/", "index", index)
    app.context_processor(_every_page)
    versions = _versions(Path(app.static_folder or ""))

    app.add_template_filter(format_datetime, "datetimeformat")
    app.add_template_filter(moment)
    app.add_template_filter(format_decimal, "numberformat")
    app.add_template_filter(browser)

    @app.template_global()
    def asset(name: str) -> str:
        """A static file's address, which changes with its content: browsers keep it for a year."""
        return url_for("static", filename=name, v=versions.get(name, ""))


@login_required  # type: ignore[untyped-decorator]
def index() -> Response:
    person = who.current_person()
    is_outside = person is not None and person.is_staff and who.visit() is None
    return redirect(url_for("support.search" if is_outside else "salesforce.page"), 303)


def _every_page() -> dict[str, Any]:
    place = who.seat()
    return {
        "person": who.current_person(),
        "account": place[0] if place else None,
        "accounts": who.accounts_to_choose(),
        "is_owner": who.is_owner(),
        "visit": who.visit(),
        "languages": LANGUAGES,
        "lang": str(get_locale()),
        "demo": config().demo,
    }


def _versions(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()[:12]
        for path in folder.rglob("*")
        if path.is_file()
    }
