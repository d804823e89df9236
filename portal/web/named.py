"""What the access log calls a route: said beside the route, in the words of its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask import Blueprint, current_app
from flask_babel.speaklater import LazyString

View = TypeVar("View", bound=Callable[..., Any])
Words = str | LazyString


@dataclass(frozen=True)
class Named:
    page: Words = ""
    """As the navigation has it."""
    about: Words = ""
    """The setting of the page that it is about."""
    button: Words = ""
    """The words on the button that was pressed."""


class Part(Blueprint):
    """A part of the portal. Its routes belong to one page, unless they name another."""

    def __init__(self, name: str, import_name: str, *, page: Words, **options: Any) -> None:
        super().__init__(name, import_name, **options)
        self.page = page


def named(page: Words = "", about: Words = "", button: Words = "") -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.__dict__["named"] = Named(page, about, button)
        return view

    return mark


def name_of(endpoint: str) -> Named:
    """The names of a route; empty for one that is no more."""
    view = current_app.view_functions.get(endpoint)
    found: Named = getattr(view, "named", Named())
    part = current_app.blueprints.get(endpoint.partition(".")[0])
    return found if found.page else replace(found, page=getattr(part, "page", ""))
