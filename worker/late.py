"""Looking again for numbers that nobody had: hourly, one read for all of an account's.

    due ──▶ lease ──▶ look up ──▶ decide ──▶ found: back into the queue, where it is written
                      one read    pure  └──▶ not found: in an hour again

Nothing is written to Salesforce here. Whoever dies on the way has changed nothing: the calls are
still due once its lease has run out.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress

from core.events import BadEvent, NotFinal
from core.facts import WaitingCall
from core.models import CallRow
from core.plan import Outcome
from core.policy import Policy
from core.rules import triage
from core.store.leases import AT_MOST
from worker.batches import as_it_came
from worker.looking import Look, look_at_all
from worker.planning import plan_calls
from worker.runtime import Runtime


def look_for_late(runtime: Runtime, stop: threading.Event | None = None) -> list[str]:
    """Until told to stop. Returns the accounts for which numbers were looked for."""
    return look_at_all(runtime.store.late, look_up_late, runtime, stop)


def look_up_late(look: Look) -> bool:
    """Whether calls were found, which wait for their delivery by now."""
    store, account_id = look.runtime.store, look.account_id
    policy = store.policies.get(account_id)
    rows = store.late.due(account_id, AT_MOST)  # also of an org that bears few writes at once
    found = _found(look, policy, list(_readable(rows, policy)))
    requeued = store.late.found(account_id, found) if found else 0
    store.late.looked(account_id, [row.id for row in rows])
    return requeued > 0


def _readable(rows: Iterable[CallRow], policy: Policy) -> Iterator[WaitingCall]:
    for row in rows:
        with suppress(BadEvent, NotFinal):  # an older version's reader was more tolerant
            yield as_it_came(row, policy.zone)


def _found(look: Look, policy: Policy, waiting: list[WaitingCall]) -> list[int]:
    """Ids of the calls whose client somebody has by now; not of those for which one would be made,
    as by a setting that was changed meanwhile."""
    seen = look.runtime.store.seen.external_lines_lately(look.account_id)
    wanted = [one for one in waiting if triage(one, policy, "active", seen) is None]
    if not (wanted and policy.find_later):
        return []
    numbers = {one.number for one in wanted}
    facts = look.org.look_up(numbers, keys=[], record_ids=[], policy=policy, seen_lines=seen)
    plans, _ = plan_calls(wanted, policy, facts)
    return [
        plan.call_id
        for plan in plans
        if plan.outcome is Outcome.WRITE and isinstance(plan.who, str)
    ]
