"""Salesforce users as people name them: by name, by e-mail, by id."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from core.facts import User
from core.objects import USER, object_of
from core.salesforce.ids import is_id, to_18
from core.same_text import folded, plain


def labels(users: Iterable[User]) -> dict[str, str]:
    """By id, how each user is shown: the name, and what tells namesakes apart."""
    users = list(users)
    names = Counter(folded(one.name) for one in users)
    full = Counter((folded(one.name), folded(one.email)) for one in users)
    shown = {}
    for one in users:
        if names[folded(one.name)] == 1 and one.name:
            shown[one.id] = one.name
        elif one.email and full[folded(one.name), folded(one.email)] == 1:
            shown[one.id] = f"{one.name} ({one.email})".strip()
        else:
            shown[one.id] = f"{one.name} ({one.id})".strip()
    return shown


Index = tuple[Mapping[str, Sequence[User]], ...]
"""Users by their folded label, e-mail and name: in this order they are looked for."""


def indexed(users: Sequence[User], labels: Mapping[str, str]) -> Index:
    """A list names thousands of users, of thousands."""
    return (
        _by((labels[one.id], one) for one in users),
        _by((one.email, one) for one in users),
        _by((one.name, one) for one in users),
    )


def _by(named: Iterable[tuple[str, User]]) -> Mapping[str, Sequence[User]]:
    found = defaultdict(list)
    for text, user in named:
        found[folded(text)].append(user)
    return found


def find(text: str, index: Index) -> list[str]:
    """Ids of the users meant: one, none, or several namesakes.

    An id is taken at its word: there may be users whom the connected one does not see.
    """
    wanted = folded(text)
    if not wanted:
        return []
    typed = plain(text)
    if is_id(typed) and object_of(typed) == USER:
        return [to_18(typed)]
    found = next((users[wanted] for users in index if wanted in users), ())
    # Of namesakes, one who has left is not the one meant.
    return [one.id for one in found if one.is_active] or [one.id for one in found]


def fitting(text: str, users: Iterable[User]) -> list[str]:
    """Ids of the active users whose name or e-mail has this text in it."""
    wanted = folded(text)
    return [
        one.id
        for one in users
        if one.is_active and wanted and (wanted in folded(one.name) or wanted in folded(one.email))
    ]
