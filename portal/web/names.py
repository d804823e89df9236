"""How people and their roles are called on a page; the names of several are read at once."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext

from core.models import MEMBER, OWNER
from portal.web.once import once
from portal.web.services import store


def role_name(role: str) -> str:
    words: dict[str, str] = {OWNER: gettext("Owner"), MEMBER: gettext("Member")}
    return words.get(role, role)


def person_name(person_id: int | None) -> str:
    """Empty when it is nobody."""
    if person_id is None:
        return ""
    if person_id not in _known():
        read_names([person_id])
    return _known()[person_id]


def read_names(person_ids: Iterable[int | None]) -> None:
    """Before a page asks `person_name` for each of them."""
    wanted = {one for one in person_ids if one is not None} - _known().keys()
    if wanted:
        _known().update(dict.fromkeys(wanted, "") | store().accounts.names(wanted))


def _known() -> dict[int, str]:
    return once("names", dict)
