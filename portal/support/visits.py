"""Support's visits in words: each in short, and line by line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.models import AuditEntry, SupportVisit
from core.store.audit import CHANGE, VIEW, Tally
from core.store.database import utc_now
from portal.salesforce.blocks import setting_of
from portal.salesforce.org_view import org_view
from portal.salesforce.words import what
from portal.support.words import Line, asked_line, name_of
from portal.web.services import store

EFFECTS_SHOWN = 10
"""Changed settings that a visit in short names."""
MOST_EFFECTS = 2000


@dataclass(frozen=True)
class Visit:
    """A support visit as the customer reads it."""

    id: str
    staff: str
    seat: str
    reason: str
    began: datetime
    ended: datetime
    is_running: bool
    tally: Tally
    effects: Sequence[str] = ()
    """The settings that were changed last, from what to what."""
    has_more_effects: bool = False


def visit_in_words(
    account_id: str, visit: SupportVisit, tally: Tally | None, effects: int = 0
) -> Visit:
    """In short; with so many of the settings it changed."""
    changes = (
        _effects(account_id, visit, visit.started_at, visit.ends_at, effects + 1) if effects else []
    )
    return Visit(
        id=visit.name,
        staff=name_of(visit.staff_id),
        seat=name_of(visit.person_id),
        reason=visit.reason,
        began=visit.started_at,
        ended=visit.ends_at,
        is_running=visit.ends_at > utc_now(),
        tally=tally or Tally(),
        effects=[words for _at, words in reversed(changes[:effects])],
        has_more_effects=len(changes) > effects,
    )


def visit_lines(
    account_id: str,
    visit: SupportVisit,
    entries: Sequence[AuditEntry],
    following: Sequence[AuditEntry],
) -> list[Line]:
    """A page of a visit's entries, each with the settings that it changed.

    Args:
        following: begins with the first entry of the next page, if there is one.
    """
    if not entries:
        return []
    until = following[0].at if following else visit.ends_at
    effects = _effects(account_id, visit, entries[0].at, until, MOST_EFFECTS)
    of_entry = _by_entry(entries, effects)
    return [
        asked_line(account_id, one, of_entry.get(one.id, []))
        for one in entries
        if one.action in (VIEW, CHANGE)
    ]


def _by_entry(
    entries: Sequence[AuditEntry], effects: Sequence[tuple[datetime, str]]
) -> dict[int, list[str]]:
    """Which entry a change came of: entries are written first, so the last change asked for."""
    asked = [one for one in entries if one.action == CHANGE]
    moments = [one.at for one in asked]
    found: dict[int, list[str]] = {}
    for at, words in reversed(effects):
        place = bisect_right(moments, at) - 1
        if place >= 0:
            found.setdefault(asked[place].id, []).append(words)
    return found


def _effects(
    account_id: str, visit: SupportVisit, since: datetime, until: datetime, at_most: int
) -> list[tuple[datetime, str]]:
    """Newest first: when, and what was changed from what to what."""
    changes = store().policies.changes_by(account_id, visit.staff_id, since, until, at_most)
    org = org_view(store(), account_id)
    return [(one.at, what(setting_of(one), one, org)) for one in changes]
