"""Freeing calls that wait: whom it frees, whom it leaves alone, and in which order they go then."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from core import reasons
from core.connection import ConnectionState
from core.events import parse_call
from core.models import CallState, DeliveryLease, QueuedCall
from core.reasons import Words, stored
from core.store import Store
from core.store.database import utc_now
from core.store.new_calls import NewCall
from core.store.policies import Actor
from core.store.releases import LATE_COMMIT, release
from core.store.results import Result
from tests.helpers.events import event
from tests.portal.helpers.orgs import connect, edit
from tests.store.conftest import TOKEN_KEY

MOMENT = datetime(2026, 7, 9, 13, 58, 52, tzinfo=UTC)
HOUR = timedelta(hours=1)
FULL = reasons.connection.storage(Words())
AWAY = reasons.salesforce.transient(Words("SERVER_UNAVAILABLE"))
REFUSED = reasons.salesforce.refused(Words("X"))
WAYS_TO_WAIT = {
    CallState.WAITING: {"reason": FULL, "due": HOUR},
    CallState.RETRY: {"reason": AWAY, "due": HOUR},
    CallState.HELD: {"reason": reasons.hold.connection_dead()},
    CallState.ATTENTION: {"reason": REFUSED},
}


@pytest.fixture
def store(store):
    """Connected and switched on."""
    connect(store)
    edit(store, enabled=True)
    return store


def add(store, key, number="", account="acme"):
    """One call, of a number of its own unless told."""
    one = event(dbid=key)
    store.ledger.add_all(account, [NewCall(parse_call(one), one, number or f"+{key}", MOMENT)])


def settle(store, *states, account="acme", **more):
    """As a delivery would leave the calls that are due, in the order in which they came."""
    lease = store.leases.take(account, 60)
    rows = store.deliveries.claim(account, lease, 75, 60)
    results = [
        Result(row.id, state, **{**WAYS_TO_WAIT[state], **more})
        for row, state in zip(rows, states, strict=True)
    ]
    store.deliveries.record(account, lease, results, 0)
    store.leases.drop(account, lease)
    return rows


def in_each_way(store, account="acme"):
    for key in range(1, 5):
        add(store, key, account=account)
    return settle(store, *WAYS_TO_WAIT, account=account)


def due(store, account="acme"):
    """Keys of the calls that a deliverer gets now, in its order."""
    lease = store.leases.take(account, 60)
    keys = [row.call_key for row in store.deliveries.claim(account, lease, 75, 60)]
    store.leases.drop(account, lease)
    return keys


def queued(store, row):
    return store.ledger.get(row.account_id, row.public_id).queued


def test_everything_that_waits_goes_at_once_and_in_order(store):
    in_each_way(store)
    add(store, 5)
    store.connections.paused("acme", HOUR, FULL)
    assert store.releases.try_again("acme") == 5
    assert not store.connections.get("acme").still_paused
    assert due(store) == ["1", "2", "3", "4", "5"]


def test_what_is_due_waits_with_its_account(store):
    for key in range(1, 4):
        add(store, key)
    store.connections.paused("acme", HOUR, FULL)
    (why,) = store.journal.reasons("acme")
    assert (why.reason.code, why.number, why.needed) == (FULL.code, 3, 0)
    assert store.releases.try_again("acme", reason_code=FULL.code) == 3
    assert store.journal.reasons("acme") == []
    assert store.releases.try_again("acme") == 0, "they only wait their turn now"


def test_an_answer_has_go_what_is_due_on_a_paused_account(store):
    add(store, 1)
    store.connections.paused("acme", HOUR, reasons.connection.away(Words()))
    assert store.releases.answered("acme") == 1
    assert store.releases.answered("acme") == 0


def reconnect(store):
    connect(store)


def switch_off_and_on(store):
    edit(store, enabled=False)
    edit(store, enabled=True)


def raise_the_ceiling(store):
    assert store.ceilings.set("acme", Actor(), 9_000)


@pytest.mark.parametrize("change", [reconnect, switch_off_and_on, raise_the_ceiling])
def test_a_change_frees_everything_and_newer_calls_do_not_overtake(store, change):
    in_each_way(store)
    store.connections.paused("acme", HOUR, FULL)
    add(store, 5)
    change(store)
    assert store.connections.get("acme").state is ConnectionState.ACTIVE
    assert due(store) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("change", [reconnect, raise_the_ceiling])
def test_switched_off_a_call_that_needs_a_person_is_not_freed_to_be_skipped(store, change):
    *_, needs_a_person = in_each_way(store)
    edit(store, enabled=False)
    change(store)
    assert queued(store, needs_a_person).state == CallState.ATTENTION
    assert due(store) == ["1", "2", "3"]


def test_held_calls_wait_on_while_nothing_is_connected(store):
    _, _, held, _ = in_each_way(store)
    store.connections.died("acme", stored("connection.refresh_refused", {}))
    assert store.releases.try_again("acme") == 3
    assert queued(store, held).state == CallState.HELD


def test_calls_go_by_one_reason(store):
    in_each_way(store)
    assert store.releases.try_again("acme", reason_code=FULL.code) == 1
    assert due(store) == ["1"]


def test_no_other_account_is_touched(store):
    store.accounts.create("other", "Other")
    connect(store, "other")
    in_each_way(store)
    foreign = in_each_way(store, "other")
    store.connections.paused("other", HOUR, FULL)
    names = [row.public_id for row in foreign]
    assert store.releases.try_again("acme", names) == 0
    assert store.releases.try_again("acme") == 4
    assert store.connections.get("other").still_paused
    assert [queued(store, row).state for row in foreign] == list(WAYS_TO_WAIT)


def test_what_a_deliverer_has_in_hand_is_left_to_it(store):
    add(store, 1)
    lease = store.leases.take("acme", 60)
    (row,) = store.deliveries.claim("acme", lease, 75, 60)
    assert store.releases.try_again("acme", [row.public_id]) == 0
    assert queued(store, row).state == CallState.DELIVERING
    done = Result(row.id, CallState.DONE, reasons.write.lead_created())
    assert store.deliveries.record("acme", lease, [done], 2) == 1


def test_a_call_takes_those_before_it_along(store):
    for key, number in enumerate(["+1", "+1", "+2", "+1"], start=1):
        add(store, key, number)
    rows = settle(store, *[CallState.RETRY] * 4)
    assert store.releases.try_again("acme", [rows[1].public_id]) == 2
    assert due(store) == ["1", "2"]


@pytest.mark.parametrize("state", [CallState.RETRY, CallState.ATTENTION])
def test_a_write_without_an_answer_is_not_asked_for_too_early(store, state):
    add(store, 1)
    (row,) = settle(store, state, unsure=True, due=LATE_COMMIT)
    before = queued(store, row).due_at
    assert store.releases.try_again("acme") == 1
    assert queued(store, row).due_at == before
    assert due(store) == []


def test_a_write_without_an_answer_waits_no_longer_than_it_must(store):
    add(store, 1)
    (row,) = settle(store, CallState.RETRY, unsure=True)
    store.releases.try_again("acme")
    first = queued(store, row).due_at
    assert first <= utc_now() + LATE_COMMIT
    store.releases.try_again("acme")  # which must not put it off
    assert queued(store, row).due_at == first


def test_an_answer_frees_what_waited_for_one(store):
    waiting, away, _, _ = in_each_way(store)
    store.connections.paused("acme", HOUR, reasons.connection.away(Words()))
    assert store.releases.answered("acme") == 1
    assert not store.connections.get("acme").still_paused
    assert queued(store, away).attempts == 1, "a call that the org chokes on is given up once"
    assert due(store) == ["2"]
    assert store.releases.answered("acme", FULL.code) == 1
    assert queued(store, waiting).due_at <= utc_now()


def test_an_answer_does_not_end_a_pause_for_want_of_room(store):
    store.connections.paused("acme", HOUR, FULL)
    assert store.releases.answered("acme") == 0
    assert store.connections.get("acme").still_paused


def test_the_history_says_why_it_goes_again(store):
    add(store, 1)
    (row,) = settle(store, CallState.WAITING)
    store.releases.try_again("acme")
    history = store.ledger.history(store.ledger.get("acme", row.public_id))
    assert [one.reason_code for one in history] == ["", FULL.code, "delivery.asked_again"]


def test_releases_and_deliveries_at_once_lose_and_double_nothing(store):
    calls = 30
    for key in range(1, calls + 1):
        add(store, key)
    delivered = []

    def deliver(turn):
        lease = store.leases.take("acme", 60)
        if lease is None:
            return
        for _ in range(5):
            rows = store.deliveries.claim("acme", lease, 7, 60)
            states = [CallState.DONE if row.id % 3 == turn % 3 else CallState.RETRY for row in rows]
            reason = {CallState.DONE: reasons.write.lead_created(), CallState.RETRY: AWAY}
            store.deliveries.record(
                "acme",
                lease,
                [
                    Result(row.id, state, reason[state], due=timedelta(0))
                    for row, state in zip(rows, states, strict=True)
                ],
                2,
            )
            done = zip(rows, states, strict=True)
            delivered.extend(row.call_key for row, state in done if state == CallState.DONE)
        store.leases.drop("acme", lease)

    def let_go(turn):
        connect(store) if turn % 3 else store.releases.try_again("acme")

    with ThreadPoolExecutor(4) as pool:
        for turn in range(9):
            at_once = [pool.submit(one, turn) for one in (deliver, let_go, let_go)]
            for one in at_once:
                one.result()
    with store.database.write() as session:
        session.execute(update(QueuedCall).values(due_at=MOMENT))
    for turn in range(3):
        deliver(turn)
    with store.database.read() as session:
        assert session.scalars(select(QueuedCall.state)).all() == []
    assert sorted(map(int, delivered)) == list(range(1, calls + 1))


def test_no_claim_is_made_during_a_release(postgresql_url):
    """Each would wait for a row that the other has: they take them in another order."""
    store = Store(postgresql_url, TOKEN_KEY)
    store.accounts.create("acme", "Acme")
    add(store, 1)
    settle(store, CallState.RETRY)
    claim = select(DeliveryLease).with_for_update(nowait=True)
    with store.database.write() as session:
        release(session, "acme", reasons.delivery.freed())
        with pytest.raises(OperationalError), store.database.write() as other:
            other.execute(claim)
    with store.database.write() as other:
        other.execute(claim)
    store.close()
