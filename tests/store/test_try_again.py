"""Several calls tried again at once: those named, all of one reason, all that need attention."""

from datetime import UTC, datetime, timedelta

import pytest

from core import reasons
from core.events import parse_call
from core.models import CallState
from core.reasons import Words
from core.store.results import Result
from tests.helpers.calls import write_down
from tests.helpers.events import event

MOMENT = datetime(2026, 7, 9, 13, 58, 52, tzinfo=UTC)
REFUSED = reasons.salesforce.refused(Words("X"))


def needing_attention(store, *numbers, account="acme"):
    """Calls that telephony handed over one by one; all but the last need attention, that one
    pauses."""
    for dbid, number in enumerate(numbers, start=1):
        one = event(dbid=dbid)
        write_down(store, account, parse_call(one), one, number, MOMENT)
    lease = store.leases.take(account, 60)
    rows = store.deliveries.claim(account, lease, 75, 60)
    results = [Result(one.id, CallState.ATTENTION, REFUSED) for one in rows[:-1]]
    pause = Result(rows[-1].id, CallState.RETRY, REFUSED, due=timedelta(hours=1))
    store.deliveries.record(account, lease, [*results, pause], 2)
    return rows


def test_several_calls_go_again_and_only_the_accounts_own(store):
    store.accounts.create("other", "Other")
    first, second, third, pausing = needing_attention(store, "+1", "+2", "+3", "+4")
    foreign, _ = needing_attention(store, "+1", "+2", account="other")
    names = [first.public_id, third.public_id, pausing.public_id, foreign.public_id, "unknown"]
    assert store.releases.try_again("acme", names) == 3
    states = [store.ledger.get("acme", one.public_id).state for one in (first, second, third)]
    assert states == ["waiting", "attention", "waiting"]
    assert store.ledger.get("other", foreign.public_id).state == "attention"
    assert store.releases.try_again("acme", []) == 0


@pytest.mark.parametrize("reason", [None, "salesforce.refused"])
def test_all_are_those_that_wait_whatever_for(store, reason):
    *_, pausing = needing_attention(store, "+1", "+2", "+3")
    (why,) = store.journal.reasons("acme")
    assert (why.reason.code, why.number, why.needed) == ("salesforce.refused", 3, 2)
    assert store.releases.try_again("acme", reason_code=reason) == 3
    assert store.ledger.get("acme", pausing.public_id).state == "waiting"
