"""What the doors know of an account: at once what is new, for seconds what is no more."""

import time

import pytest

from core.store import Store, doors
from core.store.doors import UnknownAccount, UnknownKey
from core.store.policies import Actor
from tests.store.conftest import TOKEN_KEY

PATIENCE = 30  # seconds


@pytest.fixture
def forgetful(database_url, monkeypatch):
    """A store whose doors remember for a moment only."""
    monkeypatch.setattr(doors, "KNOWN_SECONDS", 0.2)
    store = Store(database_url, TOKEN_KEY)
    store.accounts.create("acme", "Acme")
    yield store
    store.close()


def soon(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def opens(store, key):
    try:
        return store.doors.account_of_key(key) == "acme"
    except UnknownKey:
        return False


def test_a_new_key_opens_at_once_and_an_ended_one_only_for_seconds(forgetful):
    first = forgetful.accounts.issue_key("acme")
    assert opens(forgetful, first)
    second = forgetful.accounts.issue_key("acme")
    assert opens(forgetful, second)
    assert not opens(forgetful, second + "x")
    old = forgetful.accounts.keys("acme")[1]
    forgetful.accounts.end_key("acme", old.name)
    soon(lambda: not opens(forgetful, first))
    assert opens(forgetful, second)
    assert doors.KNOWN_SECONDS < 10, "an ended key is refused within seconds"


def test_a_changed_country_and_time_zone_count_within_seconds(forgetful):
    place = forgetful.doors.place("acme")
    assert (place.region, str(place.zone)) == ("UA", "Europe/Kyiv")
    change = {"region": "ES", "time_zone": "Europe/Madrid"}
    forgetful.policies.edit("acme", Actor(), lambda now: now.model_copy(update=change))
    soon(lambda: forgetful.doors.place("acme").region == "ES")
    assert str(forgetful.doors.place("acme").zone) == "Europe/Madrid"


@pytest.mark.parametrize("name", ["nobody", "", "ac\0me", "\ud800", "a" * 65])
def test_what_is_no_account_is_none_until_it_is_made(store, name):
    with pytest.raises(UnknownAccount):
        store.doors.place(name)
    if name == "nobody":
        store.accounts.create(name, name)
        assert store.doors.place(name).region == "UA"
