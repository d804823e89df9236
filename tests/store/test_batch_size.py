"""How many calls an org bears at once: learnt, remembered for the account, and tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from core import reasons
from core.events import parse_call
from core.models import CallState, DeliveryLease, QueuedCall
from core.reasons import Words
from core.store.leases import BEARS_MORE_AFTER
from core.store.results import Result
from tests.helpers.calls import write_down
from tests.helpers.events import event

MOMENT = datetime(2026, 7, 9, 13, 58, 52, tzinfo=UTC)
SIXTEEN = 16


@pytest.fixture
def backlog(store):
    for dbid in range(SIXTEEN):
        one = event(dbid=dbid)
        write_down(store, "acme", parse_call(one), one, f"+3805055571{dbid:02}", MOMENT)
    return store


def deliver(store, code="", failures=0):
    """One batch that meets this code, or goes well; returns how many calls it had."""
    lease = store.leases.take("acme", 60)
    rows = store.deliveries.claim("acme", lease, SIXTEEN, 60)
    said = reasons.salesforce.transient(Words(code))
    state = CallState.RETRY if code else CallState.DONE
    store.deliveries.record("acme", lease, [Result(one.id, state, said) for one in rows], 2)
    if code == "TIMEOUT":
        store.leases.no_answer("acme", lease)
    elif not code:
        store.leases.answered("acme", lease)
    store.leases.drop("acme", lease)
    with store.database.write() as session:
        session.query(QueuedCall).update({"due_at": MOMENT})
    return len(rows)


@pytest.mark.parametrize("code", ["TIMEOUT", "QUERY_TIMEOUT", "ANSWER_TOO_LARGE"])
def test_what_was_too_much_once_is_remembered_for_the_account(backlog, code):
    assert [deliver(backlog, code), deliver(backlog), deliver(backlog)] == [16, 8, 8]


def test_it_is_tried_with_more_after_a_while(backlog):
    deliver(backlog, "QUERY_TIMEOUT")
    assert deliver(backlog) == 8
    for dbid in range(20, 40):
        one = event(dbid=dbid)
        write_down(backlog, "acme", parse_call(one), one, f"+3805055572{dbid:02}", MOMENT)
    with backlog.database.write() as session:
        row = session.get(DeliveryLease, "acme")
        row.shrunk_at -= timedelta(seconds=BEARS_MORE_AFTER + 1)
    assert deliver(backlog) == SIXTEEN


def test_after_an_outage_the_size_soon_is_what_it_was(backlog):
    away = [deliver(backlog, "TIMEOUT") for _ in range(4)]
    assert away == [16, 8, 4, 2]
    assert [deliver(backlog) for _ in range(4)] == [1, 2, 4, 8]


def test_one_call_that_times_out_says_nothing(backlog):
    deliver(backlog, "QUERY_TIMEOUT")
    lease = backlog.leases.take("acme", 60)
    (row,) = backlog.deliveries.claim("acme", lease, 1, 60)
    slow = reasons.salesforce.transient(Words("TIMEOUT"))
    backlog.deliveries.record("acme", lease, [Result(row.id, CallState.RETRY, slow)], 1)
    backlog.leases.drop("acme", lease)
    assert deliver(backlog) == 8


def test_an_answer_ends_a_row_of_failures_once_and_the_next_one_begins_anew(store):
    for _ in range(3):
        before = store.leases.take("acme", 60)
        store.leases.no_answer("acme", before)
        store.leases.drop("acme", before)
    lease = store.leases.take("acme", 60)
    assert lease.failures == 3
    assert store.leases.answered("acme", lease)
    assert not store.leases.answered("acme", lease), "the same turn has told it"
    assert store.leases.no_answer("acme", lease) == 1
