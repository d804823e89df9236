"""A list of events is taken as its events one by one would be, in one transaction."""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event as listeners

from core.events import BadEvent
from core.intake import LONGEST_LIST, MOST_EVENTS, Intake, accept, accept_all, accept_list
from core.models import CallRow
from core.store.doors import UnknownAccount
from core.store.standing import as_they_stand, with_queue
from tests.helpers.calls import Nobody
from tests.helpers.events import event
from tests.store.test_any_event import events as anything

ACCEPTED, KNOWN = Intake.ACCEPTED, Intake.KNOWN
BAD = event(date="yesterday")
_names = count()


class Heard:
    def __init__(self):
        self.wakes = []

    def wake(self, account_id):
        self.wakes.append(account_id)
        return True


def of_few(dbid, number):
    return event(dbid=dbid, **{"from": f"38050555718{number}"})


FEW = st.builds(of_few, st.integers(1, 6), st.integers(0, 2))
NOT_FINAL = st.just({**event(), "event": "CALL_NEW"})
LISTS = st.lists(FEW | FEW | st.just(BAD) | NOT_FINAL | anything(), max_size=12)


def fresh(store):
    name = f"account-{next(_names)}"
    store.accounts.create(name, name)
    return name


def kept(store, account):
    """What the ledger holds of an account, in the order of delivery."""
    with store.database.read() as session:
        rows = as_they_stand(
            session.scalars(with_queue().where(CallRow.account_id == account).order_by(CallRow.id))
        )
    return [
        (row.call_key, row.number, row.event, row.started_at, row.state, row.queued.attempts)
        for row in rows
    ]


def one_by_one(store, account, events):
    answers = []
    for one in events:
        try:
            answers.append(accept(store, Nobody(), account, one))
        except BadEvent as error:
            answers.append(error)
    return answers


def told(answers):
    return [one if isinstance(one, Intake) else (one.field, one.message) for one in answers]


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(LISTS, min_size=1, max_size=3))
def test_a_list_is_answered_and_kept_as_its_events_one_by_one(store, lists):
    at_once, singly = fresh(store), fresh(store)
    for events in lists:
        answers = accept_all(store, Nobody(), at_once, events)
        assert told(answers) == told(one_by_one(store, singly, events))
    assert kept(store, at_once) == kept(store, singly)


def test_each_call_of_a_list_begins_its_history(store):
    accept_all(store, Nobody(), "acme", [of_few(1, 1), of_few(1, 1), of_few(2, 2)])
    rows = [store.journal.by_key("acme", key) for key in ("1", "2")]
    assert [[one.state for one in store.ledger.history(row)] for row in rows] == [["waiting"]] * 2


def test_a_worker_is_woken_once_and_for_nothing_new_not_at_all(store):
    heard = Heard()
    assert accept_all(store, heard, "acme", [of_few(1, 1), of_few(2, 2)]) == [ACCEPTED] * 2
    assert heard.wakes == ["acme"]
    answers = accept_all(store, heard, "acme", [of_few(1, 1), BAD])
    assert told(answers)[0] == KNOWN
    assert heard.wakes == ["acme"]


def test_a_list_is_one_transaction(store):
    accept_all(store, Nobody(), "acme", [of_few(1, 1)])  # the account is known from here on
    commits, statements = [], []
    listeners.listen(store.database.engine, "commit", commits.append)
    listeners.listen(
        store.database.engine, "before_cursor_execute", lambda *told: statements.append(told[2])
    )
    accept_all(store, Nobody(), "acme", [event(dbid=dbid) for dbid in range(2, 302)])
    assert len(commits) <= 1, "PostgreSQL commits a single statement by itself"
    assert sum("INSERT INTO calls" in one for one in statements) == 1
    assert len(kept(store, "acme")) == 301


def test_nothing_is_kept_of_a_list_for_nobody(store):
    with pytest.raises(UnknownAccount):
        accept_all(store, Nobody(), "nobody", [of_few(1, 1)])
    store.accounts.create("nobody", "Somebody")
    assert accept_all(store, Nobody(), "nobody", [of_few(1, 1)]) == [ACCEPTED], "known at once"


def test_a_long_list_with_bad_ones_is_refused_once_the_good_ones_are_taken(store):
    events = [event(dbid=dbid) for dbid in range(1, MOST_EVENTS + 4)]
    events[MOST_EVENTS], events[MOST_EVENTS + 1] = BAD, event(direction="?")
    for _ in range(2):
        with pytest.raises(BadEvent, match=r"event 501 of 503; 2 refused") as refused:
            accept_list(store, Nobody(), "acme", events)
        assert refused.value.field == "call.date"
        assert len(kept(store, "acme")) == MOST_EVENTS + 1
    good = [one for one in events if one["call"]["date"] != "yesterday"][: MOST_EVENTS + 1]
    assert set(accept_list(store, Nobody(), "acme", good[:MOST_EVENTS])) == {KNOWN}


def test_a_list_without_end_is_refused_as_a_whole(store):
    with pytest.raises(BadEvent, match="are more than 10000"):
        accept_list(store, Nobody(), "acme", [of_few(1, 1)] * (LONGEST_LIST + 1))
    assert kept(store, "acme") == []


@pytest.mark.parametrize("sent", [None, 7, "CALL_END", event()])
def test_what_is_no_list_is_refused(store, sent):
    with pytest.raises(BadEvent, match="must be a list"):
        accept_list(store, Nobody(), "acme", sent)


def test_the_same_calls_handed_over_by_many_at_once_are_each_accepted_once(store):
    """In lists of any order, and singly; some keys come with several numbers."""
    dice = random.Random(11)
    hand_overs = []
    for _ in range(8):
        events = [of_few(dbid, dice.randrange(10)) for dbid in range(1, 81)]
        dice.shuffle(events)
        hand_overs += [events[:60], *([one] for one in events[60:70])]

    def hand_over(events):
        return list(zip(events, accept_all(store, Nobody(), "acme", events), strict=True))

    with ThreadPoolExecutor(8) as pool:
        answers = [one for some in pool.map(hand_over, hand_overs) for one in some]
    accepted = sorted(sent["call"]["dbid"] for sent, answer in answers if answer is ACCEPTED)
    assert accepted == sorted({sent["call"]["dbid"] for sent, _ in answers})
    assert {answer for _, answer in answers} == {ACCEPTED, KNOWN}
    assert len(kept(store, "acme")) == len(accepted)
