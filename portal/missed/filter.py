"""Of whom and of which line a person wants to see missed calls, from the page's address."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from core.store.loops import Asked
from portal.calls.loops import employee
from portal.web.missed import missed_groups


@dataclass(frozen=True)
class Filter:
    asked: Asked
    query: dict[str, str]
    """What stood in the form, without what was left empty."""
    page: int
    """From 0."""


@dataclass(frozen=True)
class Choices:
    """What can be chosen: of whom and which lines something waits, and what was chosen."""

    employees: dict[str, str]
    """Name by user id, in the order of the names."""
    lines: list[str]


def read_filter() -> Filter:
    """From the query of this request."""
    user = request.args.get("user", "")[:18]
    line = request.args.get("external_line", "")[:255]
    page = request.args.get("page", "")[:4]
    query = {"user": user, "external_line": line}
    return Filter(
        Asked(user or None, line or None),
        {name: value for name, value in query.items() if value},
        int(page) if page.isascii() and page.isdigit() else 0,
    )


def choices(chosen: Filter) -> Choices:
    groups, asked = missed_groups(), chosen.asked
    ids = {one.responsible for one in groups} | {asked.responsible or ""}
    lines = {one.external_line for one in groups} | {asked.external_line or ""}
    names = sorted(((one, employee(one)) for one in ids - {""}), key=lambda one: one[1].casefold())
    return Choices(dict(names), sorted(lines - {""}, key=str.casefold))
