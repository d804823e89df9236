"""Whose turn it is: real threads, and deliveries that last until the test lets them end."""

import threading
import time
from collections import Counter

import pytest

from worker.deliverers import AS_SLOW_AS_AWAY, KEPT, MOST_LATE, PLACES, SLOW_PLACES, Deliverers

PATIENCE = 30
SOON = 0.05
"""Seconds after which a turn counts as slow here."""


class Orgs:
    """What accounts' orgs do. By default they answer at once, and nothing more is due."""

    def __init__(self):
        self.turns = Counter()
        self.ended = Counter()
        self.endless = set()
        self.idle = set()
        """Accounts of which another process has the lease."""
        self.hanging = {}
        """By account, what ends its turns."""
        self.answer = threading.Event()
        self._changed = threading.Condition()

    def deliver(self, account):
        self._count(self.turns, account)
        if account in self.idle:
            self._count(self.ended, account)
            return None
        if account in self.hanging:
            self.hanging[account].wait(PATIENCE)
        self._count(self.ended, account)
        return account in self.endless

    def see(self, condition):
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE), self.turns

    @property
    def in_hand(self):
        return self.turns.total() - self.ended.total()

    def _count(self, counter, account):
        with self._changed:
            counter[account] += 1
            self._changed.notify_all()


@pytest.fixture
def orgs():
    return Orgs()


@pytest.fixture
def deliverers(orgs):
    """No turn is slow, unless a test says so."""
    deliverers = Deliverers(orgs.deliver, slow_seconds=PATIENCE)
    yield deliverers
    orgs.answer.set()
    orgs.endless.clear()
    assert deliverers.stop(PATIENCE)


@pytest.fixture
def impatient(orgs):
    deliverers = Deliverers(orgs.deliver, slow_seconds=SOON)
    yield deliverers
    orgs.answer.set()
    assert deliverers.stop(PATIENCE)


def hang(orgs, number):
    """So many accounts whose orgs hang until `orgs.answer`."""
    accounts = [f"hangs{place}" for place in range(number)]
    orgs.hanging |= dict.fromkeys(accounts, orgs.answer)
    return accounts


def meet(orgs, deliverers, account):
    """Its first turn, a quick one."""
    deliverers.offer(account)
    orgs.see(lambda: orgs.ended[account] == 1)


def test_endless_work_keeps_nobody_waiting(orgs, deliverers):
    orgs.endless = {f"busy{place}" for place in range(3 * PLACES)}
    for account in orgs.endless:
        deliverers.offer(account)
    orgs.see(lambda: all(orgs.turns[one] > 2 for one in orgs.endless))
    deliverers.offer("lone")
    orgs.see(lambda: orgs.ended["lone"] == 1)
    seen = orgs.turns.copy()
    orgs.see(lambda: all(orgs.turns[one] > seen[one] for one in orgs.endless))


def test_first_in_first_out_and_each_waits_once(orgs, deliverers):
    last_place = threading.Event()
    orgs.hanging["last"] = last_place
    blocking = [*hang(orgs, PLACES - KEPT - 1), "last"]
    for account in blocking:
        deliverers.offer(account)
    orgs.see(lambda: orgs.in_hand == len(blocking))
    order = ["c", "a", "b", "a", "c"]
    for account in order:
        deliverers.offer(account)
    last_place.set()
    orgs.see(lambda: all(orgs.ended[one] for one in order))
    assert list(orgs.turns)[-3:] == ["c", "a", "b"]
    assert [orgs.turns[one] for one in "abc"] == [1, 1, 1]


def test_what_comes_while_an_account_is_in_hand_is_looked_at_afterwards(orgs, deliverers):
    (account,) = hang(orgs, 1)
    deliverers.offer(account)
    orgs.see(lambda: orgs.in_hand == 1)
    deliverers.offer(account)
    deliverers.offer(account)
    meet(orgs, deliverers, "another")
    assert orgs.turns[account] == 1, "one deliverer an account"
    orgs.answer.set()
    orgs.see(lambda: orgs.ended[account] == 2)
    meet(orgs, deliverers, "a third")
    assert orgs.turns[account] == 2


def test_hundreds_of_orgs_that_hang_hold_up_no_other(orgs, impatient):
    meet(orgs, impatient, "lone")
    for account in hang(orgs, 200):
        impatient.offer(account)
    impatient.offer("lone")
    orgs.see(lambda: orgs.ended["lone"] == 2)
    impatient.offer("never met")
    orgs.see(lambda: orgs.ended["never met"] == 1)
    assert not orgs.ended["hangs0"]


def test_whoever_is_known_to_answer_goes_first_even_if_no_place_is_ever_given_up(orgs, deliverers):
    meet(orgs, deliverers, "lone")
    for account in hang(orgs, 200):
        deliverers.offer(account)
    orgs.see(lambda: orgs.in_hand == PLACES - KEPT)
    deliverers.offer("lone")
    orgs.see(lambda: orgs.ended["lone"] == 2)
    assert orgs.in_hand == PLACES - KEPT


def test_more_orgs_hang_than_there_are_threads(orgs, impatient):
    meet(orgs, impatient, "lone")
    for account in hang(orgs, MOST_LATE + 2 * PLACES):
        impatient.offer(account)
    orgs.see(lambda: orgs.in_hand == MOST_LATE + PLACES - KEPT)
    time.sleep(2 * SOON)  # all of them are late by now
    impatient.offer("lone")
    orgs.see(lambda: orgs.ended["lone"] == 2)
    assert orgs.in_hand == MOST_LATE + PLACES - KEPT


def test_slow_orgs_share_few_places_until_they_answer_again(orgs, impatient):
    accounts = hang(orgs, 2 * SLOW_PLACES)
    slow, recovered = accounts[:SLOW_PLACES], accounts[SLOW_PLACES:]

    def all_get_a_turn(places):
        """Only then do orgs answer."""
        orgs.answer.clear()
        before = orgs.ended.total()
        for account in accounts:
            impatient.offer(account)
        orgs.see(lambda: orgs.in_hand == places)
        time.sleep((AS_SLOW_AS_AWAY + 1) * SOON)
        assert orgs.in_hand == places
        orgs.answer.set()
        orgs.see(lambda: orgs.ended.total() == before + len(accounts))

    all_get_a_turn(places=len(accounts))
    for account in recovered:
        del orgs.hanging[account]
    all_get_a_turn(places=len(slow))
    hang(orgs, len(accounts))
    all_get_a_turn(places=len(accounts))


def test_a_delivery_that_fails_gives_its_place_back(orgs):
    def fail(account):
        orgs.deliver(account)
        raise RuntimeError("a mistake of ours")

    deliverers = Deliverers(fail)
    for place in range(PLACES + 1):
        deliverers.offer(f"fails{place}")
    orgs.see(lambda: orgs.ended.total() == PLACES + 1)
    assert deliverers.stop(PATIENCE)


def test_the_sweeper_offers_what_there_is_room_for(orgs, deliverers):
    blocking = hang(orgs, PLACES - KEPT)
    assert deliverers.room_for(blocking) == blocking
    assert not deliverers.wait_for_room(PATIENCE)
    for account in blocking:
        deliverers.offer(account, came=False)
    orgs.see(lambda: orgs.in_hand == len(blocking))
    due = [f"due{place}" for place in range(PLACES)]
    assert deliverers.room_for([*blocking, *due]) == due[:KEPT], "without those in hand"
    for account in due[:KEPT]:
        deliverers.offer(account, came=False)
    assert deliverers.room_for(due) == []
    orgs.answer.set()
    deliverers.wait_for_room(PATIENCE)
    orgs.see(lambda: all(orgs.ended[one] == 1 for one in due[:KEPT]))


def test_a_stop_waits_for_what_is_in_hand_and_begins_nothing(orgs):
    deliverers = Deliverers(orgs.deliver)
    for account in hang(orgs, 3 * PLACES):
        deliverers.offer(account)
    orgs.see(lambda: orgs.in_hand == PLACES - KEPT)
    assert not deliverers.stop(0.01)
    orgs.answer.set()
    assert deliverers.stop(PATIENCE)
    assert orgs.ended.total() == PLACES - KEPT


def test_a_system_that_gives_no_thread_only_puts_turns_off(orgs, deliverers, monkeypatch):
    start, refused = threading.Thread.start, []

    def refuse_once(thread):
        if thread.name != "deliverers" and not refused:
            refused.append(thread)
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr("worker.deliverers.PAUSE_WITHOUT_THREAD", 0.01)
    monkeypatch.setattr(threading.Thread, "start", refuse_once)
    deliverers.offer("acme")
    orgs.see(lambda: orgs.ended["acme"])
    assert refused


def test_a_turn_in_which_nothing_was_asked_says_nothing_of_the_org(orgs, impatient):
    """Another process has the account: that is quick, whatever its org does."""
    accounts = hang(orgs, SLOW_PLACES + 1)
    for account in accounts:
        impatient.offer(account)
    orgs.see(lambda: orgs.in_hand == len(accounts))
    time.sleep((AS_SLOW_AS_AWAY + 1) * SOON)
    orgs.answer.set()
    orgs.see(lambda: orgs.ended.total() == len(accounts))
    orgs.idle |= set(accounts)
    for account in accounts:
        impatient.offer(account)
    orgs.see(lambda: orgs.ended.total() == 2 * len(accounts))
    orgs.idle.clear()
    orgs.answer.clear()
    for account in accounts:
        impatient.offer(account)
    orgs.see(lambda: orgs.in_hand == SLOW_PLACES)
    time.sleep(2 * SOON)
    assert orgs.in_hand == SLOW_PLACES, "all of them are slow still"
