"""What every page has: the navigation's variables, words and addresses of files."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from flask_babel import format_datetime, format_decimal, get_locale

from core.languages import LANGUAGES
from portal.web import who
from portal.web.agents import browser
from portal.web.dates import moment
from portal.web.hints import account_hint, has_namesake
from portal.web.missed import missed_groups
from portal.web.names import role_name
from portal.web.services import config


def attach(app: Flask) -> None:
    app.context_processor(_every_page)
    versions = _versions(Path(app.static_folder or ""))

    app.add_template_filter(format_datetime, "datetimeformat")
    app.add_template_filter(moment)
    app.add_template_filter(format_decimal, "numberformat")
    app.add_template_filter(browser)
    app.add_template_filter(account_hint)
    app.add_template_filter(has_namesake)
    app.add_template_filter(role_name)

    @app.template_global()
    def asset(name: str) -> str:
        """A static file's address, which changes with its content: browsers keep it for a year."""
        return url_for("static", filename=name, v=versions.get(name, ""))


def _every_page() -> dict[str, Any]:
    place, visited = who.place(), who.visited()
    return {
        "person": who.current_person(),
        "account": place.account if place else None,
        "place": place,
        "accounts": who.places(),
        "is_owner": who.is_owner(),
        "is_invited": who.is_invited(),
        "visit": who.visit(),
        "visited": visited.account if visited else None,
        "languages": LANGUAGES,
        "lang": str(get_locale()),
        "demo": config().demo,
        "missed_counts": _missed_counts,
    }


def _missed_counts() -> tuple[int, int]:
    """How many clients wait to be called back, and how many of them too long."""
    groups = missed_groups()
    return sum(one.waiting for one in groups), sum(one.overdue for one in groups)


def _versions(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()[:12]
        for path in folder.rglob("*")
        if path.is_file()
    }
