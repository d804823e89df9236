"""Refused events: what is kept of them, how many, how long, and in which order they are read."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.events import BadEvent
from core.models import RefusedEvent
from core.store import Store, refused
from core.store.database import utc_now
from core.store.refused import HTTP, LARGEST_TEXT, MOST_A_DAY, RQ, Refusal
from tests.portal.helpers.budgets import counted

WRONG = BadEvent("call.direction", "must be IN, OUT or INNER")


def refuse(store: Store, account: str = "acme", *events: object, door: str = HTTP) -> None:
    store.refused.add_all(account, door, [Refusal(one, WRONG) for one in events])


def age(store: Store, **by: float) -> None:
    """Make all that there is older."""
    with store.database.write() as session:
        session.execute(update(RefusedEvent).values(at=utc_now() - timedelta(**by)))


def test_newest_first_page_by_page(store: Store):
    refuse(store, "acme", *range(5))
    refuse(store, "nobody", "x", door=RQ)
    first = store.refused.page("", 4)
    second = store.refused.page("", 4, first[-1].name)
    assert [one.event for one in (*first, *second)] == ["x", "4", "3", "2", "1", "0"]
    told = store.refused.get(first[1].name)
    assert (told.account, told.is_known, told.door) == ("acme", True, HTTP)
    assert (told.field, told.why) == (WRONG.field, WRONG.message)
    assert [one.account for one in store.refused.page("nobody", 9)] == ["nobody"]
    assert [one.event for one in store.refused.page("acme", 2, first[2].name)] == ["2", "1"]


@pytest.mark.parametrize(
    ("event", "kept"),
    [
        ({"call": {"from": "ї"}}, '{\n  "call": {\n    "from": "ї"\n  }\n}'),
        ("call_id=7", "call_id=7"),
        (None, "null"),
        ("a\0b\ud83dc", "a�b?c"),
        ({"when": {1, 2}.__class__}, '{\n  "when": "<class \'set\'>"\n}'),
        ("x" * 9999, "x" * (LARGEST_TEXT - 1) + "…"),
    ],
)
def test_an_event_is_kept_as_people_read_it(store: Store, event, kept):
    refuse(store, "acme", event)
    assert store.refused.page("", 1)[0].event == kept


def test_a_huge_event_is_cut_and_a_bottomless_one_told(store: Store):
    nested: list[object] = []
    nested.append(nested)
    refuse(store, "acme", [["x" * 99] * 9] * 9999, nested)
    bottomless, huge = store.refused.page("", 2)
    assert len(huge.event) == LARGEST_TEXT
    assert "…" in bottomless.event


def test_odd_accounts_and_reasons_are_kept_as_they_fit(store: Store):
    odd = BadEvent("f" * 99, "w" * 999)
    store.refused.add_all("ac\0me\ud800" + "x" * 99, RQ, [Refusal(1, odd)])
    (told,) = store.refused.page("", 9)
    assert not told.is_known
    assert (len(told.account), len(told.field), len(told.why)) == (64, 64, 255)


def test_of_a_flood_the_first_of_a_day_are_kept_and_the_rest_counted(store: Store):
    refuse(store, "acme", *range(MOST_A_DAY - 1))
    refuse(store, "acme", "last", "one too many", "another")
    refuse(store, "acme", "and one")
    newest = store.refused.page("acme", MOST_A_DAY + 1)
    assert (len(newest), newest[0].event, newest[0].more) == (MOST_A_DAY, "last", 3)
    store.accounts.create("other", "Other")
    refuse(store, "other", "is kept: each account has its own allowance")
    assert store.refused.page("other", 9)[0].more == 0
    age(store, hours=25)
    refuse(store, "acme", "the next day")
    assert store.refused.page("acme", 1)[0].event == "the next day"


def test_names_that_are_no_account_share_one_allowance(store: Store):
    for name in range(MOST_A_DAY // 100):
        refuse(store, f"made up {name}", *range(100))
    refuse(store, "another made up", "x")
    assert store.refused.page("another made up", 1) == []
    assert store.refused.page("", 1)[0].more == 1


def test_the_old_is_forgotten_in_short_transactions(store: Store, monkeypatch):
    monkeypatch.setattr(refused, "AT_ONCE", 10)
    refuse(store, "acme", *range(25))
    age(store, days=14, minutes=1)
    refuse(store, "acme", "new")
    with counted(store.database.engine) as statements:
        assert store.refused.forget() == 25
    assert len(statements) == 3
    assert [one.event for one in store.refused.page("", 9)] == ["new"]


def test_writing_down_takes_few_statements(store: Store):
    with counted(store.database.engine) as statements:
        refuse(store, "acme", *range(500))
        refuse(store, "acme")
    assert len(statements) <= 4
