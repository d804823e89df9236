"""Salesforce users as people name them: by name, by e-mail, by id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from core.facts import User
from core.objects import USER, object_of
from core.salesforce.ids import is_id, to_18


def labels(users: Iterable[User]) -> dict[str, str]:
    """By id, how each user is shown: the name, and what tells namesakes apart."""
    users = list(users)
    names = Counter(_folded(one.name) for one in users)
    full = Counter((_folded(one.name), one.email.casefold()) for one in users)
    shown = {}
    for one in users:
        if names[_folded(one.name)] == 1 and one.name:
            shown[one.id] = one.name
        elif one.email and full[_folded(one.name), one.email.casefold()] == 1:
            shown[one.id] = f"{one.name} ({one.email})".strip()
        else:
            shown[one.id] = f"{one.name} ({one.id})".strip()
    return shown


def find(text: str, users: Sequence[User], labels: Mapping[str, str]) -> list[str]:
    """Ids of the users meant: one, none, or several namesakes.

    An id is taken at its word: there may be users whom the connected one does not see.
    """
    wanted = _folded(text)
    if not wanted:
        return []
    if is_id(text.strip()) and object_of(text.strip()) == USER:
        return [to_18(text.strip())]
    by_label = [record_id for record_id, shown in labels.items() if _folded(shown) == wanted]
    if by_label:
        return by_label
    by_email = [one for one in users if one.email and one.email.casefold() == wanted]
    found = by_email or [one for one in users if _folded(one.name) == wanted]
    # Of namesakes, one who has left is not the one meant.
    return [one.id for one in found if one.is_active] or [one.id for one in found]


def fitting(text: str, users: Iterable[User]) -> list[str]:
    """Ids of the active users whose name or e-mail has this text in it."""
    wanted = _folded(text)
    return [
        one.id
        for one in users
        if one.is_active and (wanted in _folded(one.name) or wanted in one.email.casefold())
    ]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
