"""Talks that a missed call, told late, may have been missed before."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update

from core.clock import started
from core.events import parse_call
from core.facts import WaitingCall
from core.models import CallRow, CallState
from tests.helpers.calls import write_down
from tests.helpers.events import event, missed, outgoing

KYIV = ZoneInfo("Europe/Kyiv")
NUMBER = "+380505557182"
MISSED = WaitingCall(0, parse_call(missed(dbid=1)), NUMBER)
AT = started(MISSED.call, KYIV)


def add(store, one, number=NUMBER, account="acme", after=timedelta(), **columns):
    """A call that is settled, and began so long after the missed one."""
    call = parse_call(one)
    write_down(store, account, call, one, number, AT + after)
    columns = {"state": CallState.DONE, **columns}
    with store.database.write() as session:
        row = update(CallRow).where(CallRow.call_key == call.key, CallRow.account_id == account)
        session.execute(row.values(**columns))


def test_those_of_its_number_that_are_written_oldest_first(store):
    store.accounts.create("other", "Other")
    hour = timedelta(hours=1)
    add(store, outgoing(dbid=4), after=2 * hour)
    add(store, event(dbid=2), after=hour)
    add(store, missed(dbid=3), after=hour)
    add(store, event(dbid=5), after=hour, number="+380441112233")
    add(store, event(dbid=6), after=hour, account="other")
    add(store, event(dbid=7), after=hour, state=CallState.SKIPPED)
    add(store, event(dbid=8), after=-25 * hour)
    add(store, event(dbid=9), after=hour, received_at=AT - 25 * hour)
    found = store.talks.since("acme", [MISSED], KYIV)
    assert {number: [one.key for one in talks] for number, talks in found.items()} == {
        NUMBER: ["2", "4"]
    }


def test_nothing_is_asked_where_nothing_was_missed(store):
    add(store, event(dbid=2))
    assert store.talks.since("acme", [], KYIV) == {}
