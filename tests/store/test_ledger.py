"""The ledger: a call is written down once, claimed by one, and never overtakes its number."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from core import reasons
from core.events import parse_call
from core.models import CallState, ClientRecord
from core.reasons import Words
from core.store.ledger import MEMORY
from core.store.results import Result
from tests.helpers.calls import write_down
from tests.helpers.events import event

MOMENT = datetime(2026, 7, 9, 13, 58, 52, tzinfo=UTC)
REFUSED = reasons.salesforce.refused(Words("X"))


def add(store, dbid, number="+380505557182"):
    one = event(dbid=dbid)
    return write_down(store, "acme", parse_call(one), one, number, MOMENT)


def claim(store, seconds=60, at_most=75):
    lease = store.leases.take("acme", seconds)
    assert lease
    return lease, store.deliveries.claim("acme", lease, at_most, seconds)


def test_t2_a_repeated_event_is_known(store):
    assert add(store, 1)
    assert not add(store, 1)
    assert add(store, 2)


def test_the_same_call_handed_over_by_many_at_once_is_written_down_once(store):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: add(store, 7), range(16)))
    assert answers.count(True) == 1


def test_a_claimed_call_comes_back_only_when_its_deliverer_died(store):
    add(store, 1)
    lease, rows = claim(store, seconds=60)
    assert [row.call_key for row in rows] == ["1"]
    assert store.deliveries.claim("acme", lease, 75, 60) == []
    assert store.leases.take("acme", 60) is None
    assert store.deliveries.due_accounts() == []

    assert store.leases.keep("acme", lease, -1)  # as if its time had passed
    assert store.deliveries.due_accounts() == ["acme"]
    second, rows = claim(store)
    assert second != lease
    assert [(row.call_key, row.queued.attempts) for row in rows] == [("1", 2)]


def test_results_under_a_lost_lease_are_not_recorded(store):
    add(store, 1)
    lease, rows = claim(store, seconds=60)
    store.leases.keep("acme", lease, -1)
    claim(store)
    late = Result(rows[0].id, CallState.DONE)
    assert store.deliveries.record("acme", lease, [late], 2) == 0
    assert not store.leases.keep("acme", lease, 60)


def test_a_deliverer_that_lost_its_lease_lets_go_of_its_calls(store):
    add(store, 1)
    lease, _ = claim(store)
    store.leases.keep("acme", lease, -1)
    other = store.leases.take("acme", 60)
    assert not store.leases.keep("acme", lease, 60)
    (row,) = store.deliveries.claim("acme", other, 75, 60)
    assert row.queued.unsure, "it may have been written before its deliverer fell silent"


@pytest.mark.parametrize("code", ["QUERY_TIMEOUT", "QUERY_TOO_COMPLICATED"])
def test_a_look_up_that_was_too_much_is_repeated_for_fewer_calls(store, code):
    for dbid in range(8):
        add(store, dbid, number=f"+38050555718{dbid}")
    lease, rows = claim(store, at_most=8)
    assert len(rows) == 8
    again = [
        Result(row.id, CallState.RETRY, reasons.salesforce.transient(Words(code))) for row in rows
    ]
    store.deliveries.record("acme", lease, again, 1)
    assert len(store.deliveries.claim("acme", lease, 8, 60)) == 4


def test_a_call_does_not_overtake_an_earlier_one_of_its_number(store):
    add(store, 1)
    lease, rows = claim(store)
    later = datetime.now(UTC) + timedelta(minutes=5)
    store.deliveries.record(
        "acme",
        lease,
        [Result(rows[0].id, CallState.RETRY, reasons.delivery.database(), due=later)],
        1,
    )
    add(store, 2)
    add(store, 3, number="+380441112233")
    rows = store.deliveries.claim("acme", lease, 75, 60)
    assert [row.call_key for row in rows] == ["3"]


def test_calls_that_are_waited_for_by_nobody_do_not_stop_others(store):
    add(store, 1)
    lease, rows = claim(store)
    store.deliveries.record("acme", lease, [Result(rows[0].id, CallState.ATTENTION, REFUSED)], 2)
    add(store, 2)
    assert [row.call_key for row in store.deliveries.claim("acme", lease, 75, 60)] == ["2"]


def test_try_again_puts_calls_that_need_attention_back(store):
    add(store, 1)
    add(store, 2, number="+380441112233")
    lease, rows = claim(store)
    store.deliveries.record(
        "acme",
        lease,
        [
            Result(
                rows[0].id,
                CallState.ATTENTION,
                REFUSED,
                lessons={"not_owner": ["005"]},
            ),
            Result(rows[1].id, CallState.DONE, reasons.write.lead_created()),
        ],
        2,
    )
    assert store.releases.try_again("acme", [rows[1].public_id]) == 0
    assert store.releases.try_again("other") == 0
    assert store.releases.try_again("acme", [rows[0].public_id]) == 1
    row = store.ledger.get("acme", rows[0].public_id)
    assert not row.queued.lessons, "they may be mended by now"
    assert row.state == CallState.WAITING
    assert [one.state for one in store.ledger.history(row)] == [
        "waiting",
        "attention",
        "waiting",
    ]


def test_held_calls_wait_for_the_reconnection(store):
    add(store, 1)
    lease, rows = claim(store)
    store.deliveries.record(
        "acme",
        lease,
        [
            Result(
                rows[0].id,
                CallState.HELD,
                reasons.connection.refresh_refused(Words()),
                lessons={"avoid": ["003"]},
            )
        ],
        0,
    )
    assert store.deliveries.claim("acme", lease, 75, 60) == []
    store.connections.connected("acme", "access", "refresh")
    (row,) = store.deliveries.claim("acme", lease, 75, 60)
    assert row.queued.lessons == {"avoid": ["003"]}
    assert row.queued.reason_code == "delivery.reconnected", "nobody has to reconnect any more"


def test_created_records_are_remembered_by_number(store):
    add(store, 1)
    lease, rows = claim(store)
    result = Result(
        rows[0].id, CallState.DONE, created=(("Lead", "00Q000000000001AAA"),), number="+38050"
    )
    assert store.deliveries.record("acme", lease, [result], 2) == 1
    assert store.ledger.known("acme", ["+38050", "+1"]).remembered == {
        "+38050": frozenset({"00Q000000000001AAA"})
    }


def test_created_records_are_forgotten_after_a_week(store):
    add(store, 1)
    lease, rows = claim(store)
    created = (("Lead", "00Q000000000001AAA"),)
    result = Result(rows[0].id, CallState.DONE, created=created, number="+38050")
    store.deliveries.record("acme", lease, [result], 2)
    store.ledger.forget_records()
    assert store.ledger.known("acme", ["+38050"]).remembered
    with store.database.write() as session:
        session.query(ClientRecord).one().created_at = datetime.now(UTC) - MEMORY
    assert store.ledger.known("acme", ["+38050"]).remembered == {}
    store.ledger.forget_records()
    with store.database.read() as session:
        assert session.query(ClientRecord).count() == 0


def test_another_account_sees_nothing(store):
    store.accounts.create("globex", "Globex")
    add(store, 1)
    row = claim(store)[1][0]
    assert store.ledger.get("globex", row.public_id) is None
    assert store.ledger.get("acme", row.public_id)
