"""Users whom the settings name."""

from __future__ import annotations

from collections.abc import Iterator

from core import reasons
from core.policy import Policy
from core.preflight.case import Case
from core.preflight.finding import Finding, good, warning


def named(case: Case) -> Iterator[Finding]:
    users, names = case.shape.users, named_by(case.policy)
    inactive = [users[one].name for one in names if one in users and not users[one].is_active]
    gone = [one for one in names if one not in users and case.shape.shows_all_users]
    if inactive:
        away = reasons.preflight.users_inactive(users=", ".join(inactive))
        yield warning(away, "users", "lines")
    if gone:
        yield warning(reasons.preflight.users_gone(users=", ".join(gone)), "users", "lines")
    if names and not inactive and not gone:
        yield good(reasons.preflight.users(count=len(names)))


def visible(case: Case) -> Iterator[Finding]:
    if len(case.shape.users) <= 1:
        yield warning(reasons.preflight.users_hidden(), "permission_sets")


def named_by(policy: Policy) -> tuple[str, ...]:
    """Ids of the users on the tables and of the default responsible, each once."""
    tables = [one for row in policy.missed_calls for one in row.user_ids]
    lines = [row.user_id for row in policy.lines]
    return tuple(dict.fromkeys(filter(None, (*tables, *lines, policy.default_responsible))))


CHECKS = (named, visible)
