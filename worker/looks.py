"""Looks at orgs by the hour: at the Tasks of clients who wait to be called back, and for late
matches (`worker.late`).

    ledger ──open loops──▶ one read ──▶ completed or deleted by a person: over
                                   └──▶ overdue: one write hands them over ──▶ ledger

Beside the supervisor, in a thread of its own. Only accounts with open loops are asked.
"""

from __future__ import annotations

import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.facts import Facts, OpenLoop
from core.models import LoopRow
from core.policy import Overdue
from core.rules.loop import ending
from core.store.looks import Found
from core.store.loops import as_known
from worker.late import look_for_late
from worker.looking import Look, look_at_all
from worker.overdue import hand_over_all, noting_a_gift
from worker.runtime import Runtime

log = structlog.get_logger()

EVERY_SECONDS = 10.0
MOST = 500
"""Open loops of one look: their ids fit one query, their rows one page."""


def look_after_loops(runtime: Runtime, stop: threading.Event) -> None:
    """Until told to stop. A round that fails is said, whatever it failed on, and stops no other."""
    while not stop.wait(EVERY_SECONDS):
        for look in (look_at_those_due, look_for_late):
            try:
                look(runtime, stop)
            except SQLAlchemyError as error:
                log.warning("looks failed; they go on", error=type(error).__name__)
            except Exception as mistake:
                log.error("looks failed unexpectedly; they go on", exc_info=mistake)


def look_at_those_due(runtime: Runtime, stop: threading.Event | None = None) -> list[str]:
    """Until told to stop. Returns the accounts that were looked at."""
    return look_at_all(runtime.store.looks, ask_for_loops, runtime, stop)


def ask_for_loops(look: Look) -> bool:
    """Whether something is to be delivered: nothing ever is."""
    store, org = look.runtime.store, look.org
    due = store.looks.due(look.account_id, MOST)
    if not due:
        store.looks.put_off(look.account_id)
        return False
    policy = store.policies.get(look.account_id)
    known = org.loops({loop.number: as_known(loop) for loop, _, _ in due})
    facts = Facts(org.shape(), look.connection.user_id)
    found = {loop.id: _found(loop, known[loop.number], facts) for loop, _, _ in due}
    late = [
        (found[loop.id], call)
        for loop, call, is_late in due
        if is_late and not loop.handed_over_at and not found[loop.id].ended
    ]
    if late and policy.overdue is Overdue.HAND_OVER:
        found |= hand_over_all(org, late, policy, facts)
    if store.looks.looked(look.account_id, look.lease, list(found.values())):
        log.info("loops looked at", account=look.account_id, loops=len(found))
    return False


def _found(loop: LoopRow, known: OpenLoop, facts: Facts) -> Found:
    owner = known.task.owner_id if known.task else ""
    found = Found(loop, owner, ending(loop.number, known, facts.shape))
    return noting_a_gift(found, facts)
