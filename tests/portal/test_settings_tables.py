"""Rows of the settings page: added, edited and removed in place."""

import io
from datetime import UTC, datetime
from html import unescape

import pytest
from sqlalchemy import update

from core.call import Call, Direction
from core.facts import FieldInfo, User
from core.models import CallRow
from core.policy import LineRow, Mode, When
from core.store.turns import take_turns
from portal.salesforce.lines_csv import LONGEST
from tests.portal.orgs import ANNA, BOHDAN, FORMER, LAYLA, connect, edit, fields, see, shape
from tests.portal.test_calls import seen_unmapped


@pytest.fixture(autouse=True)
def switched_on(store, owner):
    connect(store)
    see(store)
    edit(store, enabled=True)


def policy(store):
    return store.policies.get("acme")


def lines(store):
    return {row.line: row.user_id for row in policy(store).lines}


def turns(store):
    return {row.external_line: row.user_ids for row in policy(store).missed_calls}


def send(owner, path, status=200, **form):
    answer = owner.post(f"/salesforce/{path}", htmx=True, **form)
    assert answer.status_code == status, answer.text
    return answer


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


def test_lists_are_imported_and_exported(owner, store):
    edit(store, lines=(LineRow(line="1999", user_id=LAYLA),))
    answer = send(owner, "lines/import", text="2001;Анна Коваль\n2002;Nobody")
    assert "Nobody" in answer.text
    assert lines(store) == {"1999": LAYLA, "2001": ANNA}
    file = (io.BytesIO("2003;Анна Коваль".encode("cp1251")), "lines.csv")
    answer = owner.post("/salesforce/lines/import", text="", file=file)
    assert answer.status_code == 200
    assert lines(store)["2003"] == ANNA
    exported = owner.get("/salesforce/lines.csv")
    assert exported.mimetype == "text/csv"
    assert "ليلى حداد" in exported.text


def textarea(answer):
    """What stands in the field for lists."""
    return unescape(answer.text.partition('id="lines-text"')[2].partition(">")[2]).partition("<")[0]


def test_of_a_list_that_is_taken_in_part_the_rest_stays(owner, store):
    answer = send(owner, "lines/import", text="2001;Анна Коваль\n2002;Nobody\n2003;Bohdan Twin")
    assert textarea(answer) == "2002;Nobody\n2003;Bohdan Twin\n"
    assert answer.text.count('class="note note-good"') == 1
    assert answer.text.count('class="note note-wait"') == 1
    again = textarea(answer).replace("Nobody", LAYLA).replace("Bohdan Twin", BOHDAN)
    assert textarea(send(owner, "lines/import", text=again)) == ""
    assert lines(store) == {"2001": ANNA, "2002": LAYLA, "2003": BOHDAN}


def test_what_of_a_list_was_not_read_is_told(owner, store):
    row = f"2001;{ANNA}\n"
    many = "".join(f"30{n};Nobody\n" for n in range(25))
    assert send(owner, "lines/import", text=row + many).text.count("<li") >= 21
    long = row + "x" * LONGEST + f"\n2002;{ANNA}"
    assert str(LONGEST // 1024) in send(owner, "lines/import", text=long).text
    file = (io.BytesIO(("# Ї\n" * (LONGEST // 4)).encode()), "lines.csv")
    answer = owner.post("/salesforce/lines/import", text="", file=file)
    assert str(LONGEST // 1024) in answer.text
    assert lines(store) == {"2001": ANNA}


def test_a_list_without_a_good_row_changes_nothing(owner, store):
    answer = send(owner, "lines/import", 422, text="2002;Nobody")
    assert textarea(answer) == "2002;Nobody"
    send(owner, "lines/import", 422, text=" ")
    assert lines(store) == {}


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


def test_whose_turn_it_is_survives_a_change_of_the_row(owner, store):
    send(owner, "missed_calls/add", user=ANNA)
    row = policy(store).missed_calls[0]
    with store.database.write() as session:
        take_turns(session, "acme", {row.id: 3})
    send(owner, f"missed_calls/{row.name}/users", user=BOHDAN)
    assert policy(store).missed_calls[0].turn == 3


def test_an_own_field_is_added_changed_and_removed(owner, store):
    form = {"object": "Lead", "field": "Источник (Source__c)", "template": "{external_line}"}
    answer = send(owner, "own_fields/add", **form)
    send(owner, "own_fields/add", **form)
    assert "380444900123" in answer.text
    (own,) = policy(store).own_fields
    assert (own.name, own.when) == ("Lead.Source__c", When.CREATE)
    send(owner, "own_fields/Lead/Source__c", template="{direction}", when="every_call")
    (own,) = policy(store).own_fields
    assert (own.template, own.when) == ("{direction}", When.EVERY_CALL)
    send(owner, "own_fields/Lead/Source__c/remove")
    assert policy(store).own_fields == ()


@pytest.mark.parametrize(
    "form",
    [
        {"object": "Lead", "field": "Talk__c", "template": "{external_line} x"},
        {"object": "Lead", "field": "Source__c", "template": "{weather}"},
        {"object": "Lead", "field": "Source__c", "template": ""},
        {"object": "Lead", "field": "OwnerId", "template": "x"},
        {"object": "Lead", "field": "Nothing__c", "template": "x"},
        {"object": "Secret", "field": "Source__c", "template": "x"},
        {"object": "Lead", "field": "Source__c", "template": "x" * 1001},
    ],
)
def test_an_own_field_that_cannot_fit_is_refused_with_the_reason(owner, store, form):
    answer = send(owner, "own_fields/add", 422, **form)
    assert 'id="own_fields-add-error"' in answer.text
    assert policy(store).own_fields == ()


def test_a_checkbox_is_exemplified_in_words(owner, store):
    form = {"object": "Lead", "field": "Спит (Asleep__c)", "template": "{answered}"}
    answer = send(owner, "own_fields/add", **form)
    assert '<output dir="auto">да</output>' in answer.text
    assert '<output id="own-example" dir="auto"></output>' in answer.text  # the form is empty again


def test_a_refusal_calls_the_field_and_its_type_as_people_do(owner, store):
    form = {"object": "Lead", "field": "Talk__c", "template": "{external_line} x"}
    answer = send(owner, "own_fields/add", 422, **form)
    refusal = answer.text.partition('id="own_fields-add-error"')[2].partition("</p>")[0]
    assert "Секунды разговора" in refusal
    assert "Talk__c" not in refusal


def test_the_result_is_shown_while_a_template_is_typed(owner):
    assert "+380505557182" in send(owner, "own_fields/example", template="{client_number}").text
    answer = send(owner, "own_fields/example", template="<script>")
    assert "&lt;script&gt;" in answer.text


def test_fields_of_another_object_are_offered(owner, store):
    see(store, shape(fields={"Lead": {}, "Task": shape().fields["Task"]}))
    assert "Source__c" not in owner.get("/salesforce/org/fields/Lead", htmx=True).text
    assert "Source__c" in owner.get("/salesforce/org/fields/Task", htmx=True).text
    assert owner.get("/salesforce/org/fields/Nothing", htmx=True).text.strip() == ""
    chosen = owner.get("/salesforce/own_fields/choose?object=Task", htmx=True)
    for page in (chosen, owner.get("/salesforce?object=Task")):
        assert 'hx-get="/salesforce/org/fields/Task"' in page.text


def test_numbers_are_excluded_in_one_form(owner, store):
    send(owner, "general/numbers/add", number="050 555-71-82; +380 44 490 01 23")
    assert policy(store).excluded_numbers == ("+380505557182", "+380444900123")
    assert "abc" in send(owner, "general/numbers/add", 422, number="abc").text
    send(owner, "general/numbers/remove", number="+380505557182")
    assert policy(store).excluded_numbers == ("+380444900123",)


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
    store.ledger.add("acme", call, {}, "+380505557182", datetime.now(UTC))
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


def test_a_large_org_stays_a_small_page(owner, store):
    users = {f"005{n:012}AAA": User(f"005{n:012}AAA", f"Name {n} " + "x" * 60) for n in range(300)}
    many = fields(*(FieldInfo(f"F{n}__c", f"Field {n}", "string", 80) for n in range(500)))
    see(store, shape(users=users, fields=dict.fromkeys(("Lead", "Contact", "Task"), many)))
    answer = owner.client.get("/salesforce", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 16_000


def test_an_org_with_nothing_in_it_is_a_page_too(owner, store):
    see(store, shape(users={}, stages=(), fields={}))
    edit(store, mode=Mode.OPPORTUNITIES)
    assert owner.get("/salesforce").status_code == 200


def test_names_of_every_script_are_shown_in_their_direction(owner, store):
    edit(store, lines=(LineRow(line="2001", user_id=LAYLA),))
    assert 'dir="auto"' in owner.get("/salesforce").text


def test_what_the_customer_chose_is_read_once_a_page(owner, store, monkeypatch):
    read, get = [], store.policies.get
    monkeypatch.setattr(store.policies, "get", lambda name: read.append(name) or get(name))
    owner.get("/salesforce")
    assert read == ["acme"]
