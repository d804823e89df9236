"""Missed calls and excluded numbers: rows added, edited and removed in place."""

import pytest

from core.store.turns import take_turns
from tests.portal.helpers.orgs import ANNA, BOHDAN, LAYLA
from tests.portal.helpers.tables import policy, send, turns

pytestmark = pytest.mark.usefixtures("switched_on")


def test_users_take_turns_on_an_external_line(owner, store):
    send(owner, "missed_calls/add", external_line="380444900123", user=ANNA)
    send(owner, "missed_calls/add", external_line="", user=BOHDAN)
    (row_id, _) = (row.name for row in policy(store).missed_calls)
    send(owner, f"missed_calls/{row_id}/users", user="ليلى حداد")
    send(owner, f"missed_calls/{row_id}/users", user="ليلى حداد")
    assert turns(store) == {"380444900123": (ANNA, LAYLA), "": (BOHDAN,)}
    send(owner, f"missed_calls/{row_id}/users/{ANNA}/remove")
    assert turns(store)["380444900123"] == (LAYLA,)
    send(owner, f"missed_calls/{row_id}/users/{LAYLA}/remove")
    assert turns(store) == {"": (BOHDAN,)}
    send(owner, f"missed_calls/{row_id}/users", 422, user=ANNA)
    send(owner, f"missed_calls/{policy(store).missed_calls[0].name}/remove")
    assert turns(store) == {}


def test_an_external_line_that_looks_the_same_is_the_same_row(owner, store):
    for line in ("Сайт «Мрія»", 'САИ\u0306Т "мрія"', "\u200bсайт\u00a0\u201cМрія\u201d"):
        send(owner, "missed_calls/add", external_line=line, user=ANNA)
    assert turns(store) == {"Сайт «Мрія»": (ANNA,)}
    send(owner, "missed_calls/add", external_line=" \u200b", user=BOHDAN)
    assert turns(store)[""] == (BOHDAN,)


def test_whose_turn_it_is_survives_a_change_of_the_row(owner, store):
    send(owner, "missed_calls/add", user=ANNA)
    row = policy(store).missed_calls[0]
    with store.database.write() as session:
        take_turns(session, "acme", {row.id: 3})
    send(owner, f"missed_calls/{row.name}/users", user=BOHDAN)
    assert policy(store).missed_calls[0].turn == 3


def test_numbers_are_excluded_in_one_form(owner, store):
    send(owner, "general/numbers/add", number="050 555-71-82; +380 44 490 01 23")
    assert policy(store).excluded_numbers == ("+380505557182", "+380444900123")
    assert "abc" in send(owner, "general/numbers/add", 422, number="abc").text
    send(owner, "general/numbers/remove", number="+380505557182")
    assert policy(store).excluded_numbers == ("+380444900123",)
