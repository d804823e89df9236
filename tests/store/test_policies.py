"""Policies: the manual's defaults, change by change, each recorded with who and from what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from core.events import parse_call
from core.models import SETTLED, CallRow, CallState, QueuedCall
from core.policy import LineRow, MissedCallRow, Mode, OwnField, Policy, When
from core.store.policies import Actor
from core.store.turns import take_turns
from tests.helpers.calls import write_down
from tests.helpers.events import event

NOBODY = Actor()


def change(store, **values):
    return store.policies.edit("acme", NOBODY, lambda policy: policy.model_copy(update=values))


def test_the_defaults_are_the_manuals(store):
    assert store.policies.get("acme") == Policy()


def test_only_what_changed_is_recorded(store):
    policy, changed = change(store, mode=Mode.CONTACTS, enabled=True)
    assert policy.mode is Mode.CONTACTS
    assert sorted(changed) == ["enabled", "mode"]
    assert change(store, mode=Mode.CONTACTS)[1] == []
    history = store.policies.history("acme")
    assert {(one.setting, one.old["value"], one.new["value"]) for one in history} == {
        ("mode", "leads", "contacts"),
        ("enabled", False, True),
    }


def test_lists_keep_their_order(store):
    rows = tuple(LineRow(line=str(line), user_id="005000000000001AAA") for line in (9, 1, 5))
    own = (OwnField(object="Lead", field="City", template="{line}", when=When.EVERY_CALL),)
    policy, _ = change(store, lines=rows, own_fields=own, excluded_numbers=("b", "a"))
    assert policy.lines == rows
    assert policy.own_fields == own
    assert policy.excluded_numbers == ("b", "a")


def test_a_missed_call_row_keeps_its_turn_when_edited(store):
    policy, _ = change(
        store, missed_calls=(MissedCallRow(id=0, external_line="", user_ids=("a", "b")),)
    )
    row = policy.missed_calls[0]
    with store.database.write() as session:
        take_turns(session, "acme", {row.id: 3})
    edited = row.model_copy(update={"user_ids": ("b", "c"), "turn": 0})
    policy, _ = change(store, missed_calls=(edited,))
    assert (policy.missed_calls[0].id, policy.missed_calls[0].turn) == (row.id, 3)


def test_what_is_not_valid_changes_nothing(store):
    with pytest.raises(ValueError, match="mode"):
        change(store, mode="nonsense")
    row = LineRow(line="1", user_id="005000000000001AAA")
    with pytest.raises(IntegrityError):
        change(store, lines=(row, row))
    assert store.policies.get("acme") == Policy()


def test_two_tabs_touch_only_their_own_field(store):
    changes = [{"create_on_outgoing": True}, {"close_in_days": 7}, {"known_contact_first": True}]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda values: change(store, **values), changes))
    policy = store.policies.get("acme")
    assert (policy.create_on_outgoing, policy.close_in_days, policy.known_contact_first) == (
        True,
        7,
        True,
    )


def test_the_country_put_right_is_right_for_calls_still_to_be_written(store):
    """Those that wait, are held or need a person; what is settled stays as it was told."""
    moment = datetime(2026, 7, 9, tzinfo=UTC)
    for dbid, state in enumerate(CallState, start=1):
        sent = event(dbid=dbid, **{"from": "0671112233"})
        write_down(store, "acme", parse_call(sent), sent, "+380671112233", moment)
        with store.database.write() as session:
            row = session.query(CallRow).filter_by(call_key=str(dbid)).one()
            queued = session.get(QueuedCall, row.id)
            row.state = queued.state = state
            if state in SETTLED:
                session.delete(queued)
    unread = event(dbid=90, date="never")
    write_down(store, "acme", parse_call(event(dbid=90)), unread, "+380671112233", moment)
    change(store, region="DE")
    with store.database.read() as session:
        numbers = {row.call_key: row.number for row in session.query(CallRow)}
        keys = {row.id: row.call_key for row in session.query(CallRow)}
        queued = {keys[row.call_id]: row.number for row in session.query(QueuedCall)}
    assert queued.items() <= numbers.items(), "the queue says the same"
    assert numbers.pop("90") == "+380671112233", "its delivery says that it cannot be read"
    settled = {CallState.DONE, CallState.SKIPPED}
    assert [numbers[str(dbid)] == "+380671112233" for dbid, _ in enumerate(CallState, start=1)] == [
        state in settled for state in CallState
    ]
    assert set(numbers.values()) == {"+380671112233", "+49671112233"}
