"""SIP numbers and employees: rows added, given to others and removed in place."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from core.call import Call, Direction
from core.facts import User
from core.models import CallRow
from core.policy import LineRow
from tests.helpers.calls import write_down
from tests.portal.helpers.calls import seen_unmapped
from tests.portal.helpers.orgs import ANNA, BOHDAN, FORMER, LAYLA, edit, see, shape
from tests.portal.helpers.tables import lines, send

pytestmark = pytest.mark.usefixtures("switched_on")


def test_a_line_is_added_given_to_another_and_removed(owner, store):
    send(owner, "lines/add", line="2001", user="Анна Коваль")
    send(owner, "lines/add", line="2001", user="Анна Коваль")  # a double click
    assert lines(store) == {"2001": ANNA}
    send(owner, "lines/2001/user", user="bohdan@acme.example")
    assert lines(store) == {"2001": BOHDAN}
    send(owner, "lines/2001/remove")
    send(owner, "lines/2001/remove")
    assert lines(store) == {}


def test_namesakes_are_told_apart_by_email(owner, store):
    answer = send(owner, "lines/add", 422, line="2001", user="Bohdan Twin")
    assert 'value="2001"' in answer.text
    send(owner, "lines/add", line="2001", user="Bohdan Twin (bohdan@acme.example)")
    assert lines(store) == {"2001": BOHDAN}


def test_a_line_that_differs_in_case_only_is_the_same(owner, store):
    send(owner, "lines/add", line="anna.k", user=ANNA)
    send(owner, "lines/add", line="Anna.K", user=ANNA)
    send(owner, "lines/add", 422, line="ANNA.K", user=BOHDAN)
    assert lines(store) == {"anna.k": ANNA}
    send(owner, "lines/import", text=f"Anna.K;{BOHDAN}")
    assert lines(store) == {"Anna.K": BOHDAN}


ALIKE = [
    ("Андрій Дем\u02bcянчук", "андріи\u0306 дем'янчук"),
    ("Ганна О’Коннор", "ганна\u00a0о`коннор"),
    ("Нечуй\u2011Левицький", "Нечуй-Левицький\u200b"),
    ("Олег «Шеф» Ким", 'Олег "шеф" Ким'),
    ("Олег «Шеф» Ким", "шеф\u201d ким"),
    ("Іван", f"{ANNA[:15]}\u200b"),
    ("Іван", "\ufeffANNA@acme.example "),
]


@pytest.mark.parametrize(("name", "typed"), ALIKE)
def test_an_employee_is_found_by_what_looks_like_the_name(owner, store, name, typed):
    anna = User(ANNA, name, "anna@acme.example")
    see(store, shape(users=shape().users | {ANNA: anna}))
    send(owner, "lines/add", line="2001", user=typed)
    assert lines(store) == {"2001": ANNA}


@pytest.mark.parametrize("nobody", ["", " ", "\u200b"])
def test_nobody_is_not_the_only_employee_there_is(owner, store, nobody):
    see(store, shape(users={ANNA: shape().users[ANNA]}))
    send(owner, "lines/add", 422, line="2001", user=nobody)
    assert lines(store) == {}


@pytest.mark.parametrize("line", ["", "a b", "../etc", "x" * 65, "..", "<b>"])
def test_what_is_no_line_is_refused(owner, store, line):
    send(owner, "lines/add", 422, line=line, user="Анна Коваль")
    assert lines(store) == {}


def test_a_line_that_has_somebody_is_not_taken_over_by_adding(owner, store):
    send(owner, "lines/add", line="2001", user=ANNA)
    assert "Анна Коваль" in send(owner, "lines/add", 422, line="2001", user=BOHDAN).text
    assert lines(store) == {"2001": ANNA}


def test_a_line_removed_in_another_tab_is_not_given(owner, store):
    send(owner, "lines/2009/user", 422, user=ANNA)
    assert lines(store) == {}


def test_lines_seen_in_calls_are_offered_until_they_are_somebodys(owner, store):
    call = Call(
        key="1",
        direction=Direction.IN,
        client_number="380505557182",
        lines=("2077",),
        external_line="380444900123",
        started_at=datetime(2026, 7, 9, 16, 58, 52),
        state="ANSWER",
    )
    write_down(store, "acme", call, {}, "+380505557182", datetime.now(UTC))
    with store.database.write() as session:
        session.execute(update(CallRow).values(unmapped_line="2077"))
    page = owner.get("/salesforce").text
    assert 'name="line" value="2077"' in page
    assert '<option value="380444900123">' in page
    answer = send(owner, "lines/add", line="2077", user=ANNA)
    assert "note-todo" not in answer.text


def test_a_refusal_stands_in_the_row_that_was_filled_in(owner, store):
    seen_unmapped(store, "101")
    mine = {"line": "101", "from": "unmapped"}
    answer = send(owner, "lines/add", 422, user="Somebody", **mine)
    row = answer.text.partition('id="unmapped-101"')[2].partition("</li>")[0]
    assert 'value="Somebody" aria-invalid="true"' in row
    assert 'id="lines-unmapped-101-error"' in row
    assert 'id="lines-add-error"' not in answer.text


def test_a_line_that_is_taken_is_refused_where_it_was_typed(owner, store):
    edit(store, lines=(LineRow(line="2001", user_id=LAYLA),))
    answer = send(owner, "lines/add", 422, line="2001", user=ANNA)
    assert 'id="lines-add-error"' in answer.text


def test_a_refused_form_without_javascript_is_what_the_page_begins_at(owner):
    page = owner.post("/salesforce/lines/add", line="2001", user="Somebody")
    assert page.text.count("autofocus") == 1
    fragment = owner.post("/salesforce/lines/add", htmx=True, line="2001", user="Somebody")
    assert "autofocus" not in fragment.text


def test_an_inactive_user_is_marked_and_not_offered(owner, store):
    edit(store, lines=(LineRow(line="2001", user_id=FORMER),))
    assert 'class="warn"' in owner.get("/salesforce").text
    offered = owner.get("/salesforce/org/users", htmx=True).text
    assert "Former Worker" not in offered
    assert "Анна Коваль" in offered


def test_without_permission_to_read_users_an_id_is_enough(owner, store):
    see(store, shape(users={}))
    assert "005" in owner.get("/salesforce").text.split('id="new-line-user"')[1][:400]
    send(owner, "lines/add", line="2001", user=ANNA[:15])
    assert lines(store) == {"2001": ANNA}
    send(owner, "lines/add", 422, line="2002", user="Анна Коваль")
