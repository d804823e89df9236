"""What tells a person's accounts apart: names may be the same, or only look so."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import format_date, gettext

from core.store.places import Place
from portal.web import who


def account_hint(place: Place) -> str:
    """By what the person knows their account; no other one of theirs has name and hint alike."""
    detail = next((one for one in range(2, 5) if _differ(one)), 5)
    return " · ".join(_parts(place)[:detail])


def _differ(detail: int) -> bool:
    shown = [(_folded(one.account.name), *_parts(one)[:detail]) for one in who.places()]
    return len(shown) == len(set(shown))


def _parts(place: Place) -> Sequence[str]:
    """The telling ones first; telephony's own id is the last resort."""
    roles = {who.OWNER: gettext("Owner"), who.MEMBER: gettext("Member")}
    return (
        roles.get(place.role, place.role),
        place.org_name or gettext("Not connected"),
        place.owner,
        gettext("since %(day)s", day=format_date(place.account.created_at)),
        place.account.id,
    )


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
