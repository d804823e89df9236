"""The preview tells what the rules would do, and writes nothing."""

import re
import time
from datetime import UTC, datetime

import pytest

from core.facts import Contact, Facts, FieldInfo, Lead, LoopTask, OpenLoop, Opportunity
from core.objects import KEYS
from core.org import Org
from core.policy import EACH_ITS_OWN, Mode, OwnField
from core.salesforce.errors import Transient
from core.working import Span
from portal.web.waiting import TookTooLong, within
from tests.portal.helpers.orgs import ANNA, edit, fields, shape

FORM = {"number": "380505557182", "direction": "IN", "answered": "yes", "line": "2001"}
RECORD_LINE = re.compile(r'<dt dir="auto">([^<]*)</dt><dd dir="auto">([^<]*)</dd>')


@pytest.fixture
def in_english(store, switched_on):
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "en")


def test_what_needs_no_salesforce_is_told_without_it(owner):
    answer = owner.post("/preview", htmx=True, **FORM)
    assert answer.status_code == 200
    assert 'class="preview-reason"' in answer.text


def test_a_connection_that_does_not_answer_is_said_in_words(owner, in_english):
    started = time.monotonic()
    answer = owner.post("/preview", htmx=True, **FORM)
    assert answer.status_code == 200
    assert "note-bad" in answer.text
    assert time.monotonic() - started < 8


def test_the_records_are_shown_field_by_field(owner, in_english, monkeypatch):
    keys = [FieldInfo(name, name, "string", length=80) for name in KEYS]
    packaged = shape(fields=dict.fromkeys(("Lead", "Task"), fields(*keys)))
    monkeypatch.setattr(Org, "look_up", lambda *_: Facts(packaged, ANNA))
    answer = owner.post("/preview", **FORM)
    assert "The call would be written" in answer.text
    assert "New: Lead" in answer.text
    assert "the new record: Lead" in answer.text
    assert "Анна Коваль" in answer.text
    assert not [key for key in KEYS if f"{key}</dt>" in answer.text]
    assert "The journal would say:" in answer.text


def test_an_account_of_its_own_is_shown_before_its_contact(owner, store, in_english, monkeypatch):
    edit(store, mode=Mode.CONTACTS, contact_account_id=EACH_ITS_OWN)
    names = [FieldInfo(name, name, "string", length=80) for name in ("Name", "AccountId")]
    seen = shape(fields=dict.fromkeys(("Account", "Contact", "Task"), fields(*names)))
    monkeypatch.setattr(Org, "look_up", lambda *_: Facts(seen, ANNA))
    text = owner.post("/preview", **FORM).text
    assert text.index("New: Account") < text.index("New: Contact")
    assert "the new record: Account" in text


def test_values_are_shown_as_people_write_them(owner, store, in_english, monkeypatch):
    known = fields(
        FieldInfo("OwnerId", "Owner ID", "reference", length=18),
        FieldInfo("CallDurationInSeconds", "Call Duration", "int", digits=8),
        FieldInfo("ActivityDate", "Due Date Only", "date"),
        FieldInfo("Started__c", "Started", "datetime"),
    )
    started = OwnField(object="Task", field="Started__c", template="2025-11-24 09:30")
    edit(store, own_fields=(started,))
    seen = shape(fields=dict.fromkeys(("Lead", "Task"), known))
    monkeypatch.setattr(Org, "look_up", lambda *_: Facts(seen, ANNA))
    shown = dict(RECORD_LINE.findall(owner.post("/preview", **FORM).text))
    assert shown["Owner"] == "Анна Коваль"
    assert shown["Call Duration"] == "60 s"
    assert re.fullmatch(r"[A-Z][a-z]+ \d{1,2}|\d{1,2} [A-Z][a-z]+", shown["Due Date Only"])
    assert shown["Started"] == "24 Nov 2025, 09:30"


def test_an_unknown_number_calling_out_creates_nothing(owner, in_english, monkeypatch):
    monkeypatch.setattr(Org, "look_up", lambda *_: Facts(shape(), ANNA))
    answer = owner.post("/preview", htmx=True, **{**FORM, "direction": "OUT"})
    assert "The call would be skipped" in answer.text


@pytest.mark.parametrize("number", ["", "anonymous", "<script>alert(1)</script>", "9" * 300])
def test_any_number_gets_an_answer(owner, in_english, number):
    answer = owner.post("/preview", htmx=True, **{**FORM, "number": number})
    assert answer.status_code == 200
    assert "<script" not in answer.text


def test_the_form_is_a_page(owner):
    assert 'name="number"' in owner.get("/preview").text


def test_waiting_hands_over_results_and_errors():
    assert within(5, lambda: 7) == 7

    def fail():
        raise Transient("TIMEOUT")

    with pytest.raises(Transient):
        within(5, fail)
    with pytest.raises(TookTooLong):
        within(0.01, lambda: time.sleep(0.2))


@pytest.mark.parametrize(
    ("at", "said"), [("2026-07-09T10:00", False), ("2026-07-09T20:40", True), ("soon", None)]
)
def test_a_call_may_begin_at_another_time(owner, store, in_english, monkeypatch, at, said):
    monkeypatch.setattr(Org, "look_up", lambda *_: Facts(shape(), ANNA))
    hours = [Span(weekday=day, begins="09:00", ends="18:00") for day in range(7)]
    edit(store, working_hours=tuple(hours))
    answer = owner.post("/preview", htmx=True, **{**FORM, "answered": "no", "at": at})
    assert answer.status_code == 200
    if said is not None:
        assert ("Missed outside working hours" in answer.text) is said


NUMBER = "+380505557182"
LONG_AGO = datetime(2026, 7, 9, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("call", "told", "change"),
    [
        ({"answered": "no"}, "3 calls of this client were missed by now.", "· missed: 3, last"),
        ({"direction": "OUT"}, "Called back after", '<dd dir="auto">Completed</dd>'),
        ({}, "The client called again after", '<dd dir="auto">Completed</dd>'),
    ],
)
def test_what_a_call_does_to_one_that_waits(
    owner, store, in_english, monkeypatch, call, told, change
):
    edit(store, language="en")
    task = LoopTask(f"Missed call {NUMBER}", "Status: missed, incoming", ANNA)
    names = [FieldInfo(name, name, "string", length=255) for name in ("Subject", "Status")]
    known = Facts(
        shape(fields={"Lead": fields(), "Task": fields(*names)}),
        ANNA,
        leads=(Lead("00QLEAD", "Known", (NUMBER,), ANNA, LONG_AGO),),
        loops={NUMBER: OpenLoop("00TLOOP", LONG_AGO, 2, task)},
    )
    monkeypatch.setattr(Org, "look_up", lambda *_: known)
    text = owner.post("/preview", **{**FORM, **call}).text
    assert told in text
    _, _, changed = text.partition("Changed: Call record (Task)")
    assert change in changed.partition("New: Call record (Task)")[0]


def test_earlier_calls_that_join_an_opportunity_are_counted(owner, store, in_english, monkeypatch):
    edit(store, mode=Mode.OPPORTUNITIES)
    deal = Opportunity("006OPEN", "Deal", "New", False, LONG_AGO.date(), ANNA, LONG_AGO)
    loose = tuple(f"00T{place}" for place in range(50))
    contact = Contact(
        "003CONTACT", "Known", (NUMBER,), ANNA, LONG_AGO, opportunities=(deal,), loose_calls=loose
    )
    seen = shape(fields={"Task": fields(FieldInfo("WhatId", "Related To", "reference"))})
    monkeypatch.setattr(Org, "look_up", lambda *_: Facts(seen, ANNA, contacts=(contact,)))
    text = owner.post("/preview", **FORM).text
    assert "50 earlier calls" in text
    assert "Changed: Call record (Task)" not in text
    assert text.count("New: Call record (Task)") == 1
