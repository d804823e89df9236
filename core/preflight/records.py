"""Records: who sees them, how many there are, how long one is looked for."""

from __future__ import annotations

from collections.abc import Iterator

from core import reasons
from core.policy import Mode
from core.preflight.case import Case
from core.preflight.finding import Finding, good, stop, warning

SLOW = 5.0
"""Seconds from which on a look-up is told to be slow: one for 75 numbers takes many times as long,
and Salesforce ends a query after two minutes (`docs/decisions`, "finding a number")."""
SHORTEST = 0.1


def sharing(case: Case) -> Iterator[Finding]:
    hidden, unknown, all_of = (
        ", ".join(name for name, sees in case.seen.sees_all.items() if sees is answer)
        for answer in (False, None, True)
    )
    if hidden:
        yield warning(reasons.preflight.sharing(objects=hidden), "permission_sets")
    if unknown:
        yield warning(reasons.preflight.sharing_unknown(objects=unknown), "permission_sets")
    if all_of:
        yield good(reasons.preflight.sharing_all(objects=all_of), "sharing")


def contacts_without_account(case: Case) -> Iterator[Finding]:
    if case.policy.mode is not Mode.LEADS and not case.policy.contact_account_id:
        private = reasons.preflight.contacts_private()
        yield warning(private, "sharing", "contact_account_id")
    if any(one.is_one_of(reasons.contact.no_account_of_its_own) for one in case.replay.said):
        not_made = reasons.preflight.accounts_not_made()
        yield warning(not_made, "permission_sets", "contact_account_id")


def look_up(case: Case) -> Iterator[Finding]:
    seconds = case.seen.seconds
    if case.seen.refused:
        yield stop(case.seen.refused)
    elif seconds is not None and seconds >= SLOW:
        yield warning(reasons.preflight.look_up_slow(seconds=f"{seconds:.1f}"))
    elif seconds is not None:
        yield good(reasons.preflight.look_up(seconds=f"{max(seconds, SHORTEST):.1f}"))


def count(case: Case) -> Iterator[Finding]:
    if case.seen.records is None:
        return
    known = {one: case.seen.records.get(one, 0) for one in case.policy.searched_objects}
    written = "; ".join(f"{name}: {number:,}" for name, number in known.items())
    yield good(reasons.preflight.records(counts=written.replace(",", "\N{NO-BREAK SPACE}")))


CHECKS = (sharing, contacts_without_account, look_up, count)
