"""Support's visits in words: each in short, and line by line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.models import AuditEntry, SupportVisit
from core.store.audit import CHANGE, VIEW, Tally, VisitTold
from core.store.database import utc_now
from portal.salesforce.blocks import setting_of
from portal.salesforce.org_view import OrgView, org_view
from portal.salesforce.words import what
from portal.support.words import Line, asked_line, calls_of
from portal.web.services import store

EFFECTS_SHOWN = 10
"""Changed settings that a visit in short names."""
MOST_EFFECTS = 2000


@dataclass(frozen=True)
class Visit:
    """A support visit as the customer reads it."""

    id: str
    staff: str
    person: str
    """In whose place."""
    reason: str
    began: datetime
    ended: datetime
    is_running: bool
    tally: Tally
    effects: Sequence[str] = ()
    """The settings that were changed last, from what to what."""
    has_more_effects: bool = False


def visits_in_words(account_id: str, visits: Sequence[VisitTold]) -> list[Visit]:
    """In short, each with the settings it changed."""
    changes = _changes(account_id, [one.visit for one in visits])
    return [
        visit_in_words(one, [words for at, words, by in changes if _is_of(one.visit, at, by)])
        for one in visits
    ]


def visit_in_words(told: VisitTold, effects: Sequence[str] = ()) -> Visit:
    """`effects` are newest first."""
    visit = told.visit
    return Visit(
        id=visit.name,
        staff=told.staff,
        person=told.person,
        reason=visit.reason,
        began=visit.started_at,
        ended=visit.ends_at,
        is_running=visit.ends_at > utc_now(),
        tally=told.tally,
        effects=effects[:EFFECTS_SHOWN][::-1],
        has_more_effects=len(effects) > EFFECTS_SHOWN,
    )


def visit_lines(
    account_id: str,
    told: VisitTold,
    entries: Sequence[AuditEntry],
    following: Sequence[AuditEntry],
) -> list[Line]:
    """A page of a visit's entries, each with the settings that it changed.

    Args:
        following: begins with the first entry of the next page, if there is one.
    """
    asked = [one for one in entries if one.action in (VIEW, CHANGE)]
    until = following[0].at if following else told.visit.ends_at
    changes = _changes(account_id, [told.visit]) if asked else []
    here = [(at, words) for at, words, _by in changes if entries[0].at <= at <= until]
    of_entry = _by_entry(entries, here)
    calls = calls_of(account_id, asked)
    return [asked_line(told.staff, one, of_entry.get(one.id, []), calls) for one in asked]


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


def _changes(
    account_id: str, visits: Sequence[SupportVisit]
) -> list[tuple[datetime, str, int | None]]:
    """Of all these visits, newest first: when, what was changed from what to what, by whom."""
    if not visits:
        return []
    staff_ids = {one.staff_id for one in visits}
    since, until = min(one.started_at for one in visits), max(one.ends_at for one in visits)
    changes = store().policies.changes_by(account_id, staff_ids, since, until, MOST_EFFECTS)
    org = org_view(store(), account_id) if changes else OrgView()
    return [(one.at, what(setting_of(one), one, org), one.staff_id) for one in changes]


def _is_of(visit: SupportVisit, at: datetime, by: int | None) -> bool:
    return by == visit.staff_id and visit.started_at <= at <= visit.ends_at
