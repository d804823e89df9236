"""What tells a person's accounts apart: names may be the same, or only look so."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import format_date, gettext

from core.same_text import folded
from core.store.places import Place
from portal.web import who
from portal.web.names import role_name
from portal.web.once import once


def account_hint(place: Place) -> str:
    """By what the person knows their account; no other one of theirs has name and hint alike."""
    return " · ".join(_parts(place)[: once("account_detail", _detail)])


def has_namesake(place: Place) -> bool:
    """Whether another account of the person's has, or seems to have, the same name."""
    name = folded(place.account.name)
    return sum(folded(one.account.name) == name for one in who.places()) > 1


def _detail() -> int:
    """So many parts tell all of the person's accounts apart."""
    shown = [(folded(one.account.name), _parts(one)) for one in who.places()]
    several = (len({(name, *parts[:n]) for name, parts in shown}) for n in range(2, 5))
    return next((n for n, found in enumerate(several, 2) if found == len(shown)), 5)


def _parts(place: Place) -> Sequence[str]:
    """The telling ones first; telephony's own id is the last resort."""
    return (
        role_name(place.role),
        place.org_name or gettext("Not connected"),
        place.owner,
        gettext("since %(day)s", day=format_date(place.account.created_at)),
        place.account.id,
    )
