"""What is written: rules section 6, in an org with everything and in a bare one."""

from dataclasses import replace

import pytest

from core.facts import FieldInfo
from core.languages import LANGUAGES
from core.plan import Ref
from core.policy import Mode
from core.rules import decide
from tests.core.helpers import cases as a


def only(policy, call, facts=None, **lessons):
    (plan,) = decide([a.waiting(call, **lessons)], policy, facts or a.facts())
    return plan


def test_6_one_task_with_everything():
    plan = only(a.policy(), a.call())
    assert a.task(plan).fields == {
        "TaskSubtype": "Call",
        "Subject": "Incoming call +380505557182",
        "Status": "Completed",
        "ActivityDate": "2026-07-09",
        "CallType": "Inbound",
        "CallDurationInSeconds": 9,
        "CallDisposition": "answered, incoming",
        "Description": "Date of call: 2026-07-09 16:58:52\n"
        "Status: answered, incoming\n"
        "Employee: Olena (2000)\n"
        "Client number: +380505557182\n"
        "External number: 380444900123\n"
        "Recording: https://api.unitalk.cloud/tracking/rec/275",
        "WhoId": Ref("lead_1"),
        "OwnerId": a.OLENA,
        "UniTalk_Call_Id__c": "275",
    }


def test_6_a_new_lead():
    assert a.step(only(a.policy(), a.call()), "Lead").fields == {
        "LastName": "+380 50 555 7182",
        "Company": "—",
        "Phone": a.NUMBER,
        "OwnerId": a.OLENA,
        "UniTalk_Key__c": a.NUMBER,
    }


def test_6_a_new_contact_has_its_number_where_it_is_looked_for():
    policy = a.policy(mode=Mode.CONTACTS, phone_fields=("Lead.Phone", "Contact.MobilePhone"))
    assert a.step(only(policy, a.call()), "Contact").fields == {
        "LastName": "+380 50 555 7182",
        "MobilePhone": a.NUMBER,
        "OwnerId": a.OLENA,
        "UniTalk_Key__c": a.NUMBER,
    }


SIX_ITEMS = {
    "ru": "Дата звонка: 09.07.2026 16:58:52\n"
    "Статус звонка: принятый, входящий\n"
    "Сотрудник: Olena (2000)\n"
    "Номер клиента: +380505557182\n"
    "Внешний номер: 380444900123\n"
    "Запись звонка: https://api.unitalk.cloud/tracking/rec/275",
    "uk": "Дата дзвінка: 09.07.2026 16:58:52\n"
    "Статус дзвінка: прийнятий, вхідний\n"
    "Співробітник: Olena (2000)\n"
    "Номер клієнта: +380505557182\n"
    "Зовнішній номер: 380444900123\n"
    "Запис дзвінка: https://api.unitalk.cloud/tracking/rec/275",
}


@pytest.mark.parametrize("language", SIX_ITEMS)
def test_6_the_six_items_in_the_accounts_language(language):
    plan = only(a.policy(language=language), a.call())
    assert a.task(plan).fields["Description"] == SIX_ITEMS[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_6_a_missed_call_has_no_employee_and_no_recording(language):
    policy = a.policy(language=language)
    missed = only(policy, a.missed(recording_url="https://x.example/1"))
    assert len(a.task(missed).fields["Description"].splitlines()) == 4
    assert "https" not in a.task(missed).fields["Description"]
    assert "Olena" not in a.task(missed).fields["Description"]


@pytest.mark.parametrize(
    ("call", "subject", "disposition", "call_type"),
    [
        (a.call(), "Incoming call", "answered, incoming", "Inbound"),
        (a.missed(), "Missed call", "missed, incoming: no answer", "Inbound"),
        (a.missed(state="BUSY"), "Missed call", "missed, incoming: busy", "Inbound"),
        (a.missed(state="NEW_ONE"), "Missed call", "missed, incoming: NEW_ONE", "Inbound"),
        (a.missed(state=""), "Missed call", "missed, incoming", "Inbound"),
        (a.outgoing(), "Outgoing call", "answered, outgoing", "Outbound"),
        (
            *(a.outgoing(state="BUSY"), "Outgoing call, no answer"),
            *("not answered, outgoing: busy", "Outbound"),
        ),
    ],
)
def test_6_the_status_in_words(call, subject, disposition, call_type):
    fields = a.task(only(a.policy(create_on_outgoing=True), call)).fields
    assert fields["Subject"] == f"{subject} {a.NUMBER}"
    assert fields["CallDisposition"] == disposition
    assert fields["CallType"] == call_type


def test_6_an_employee_nobody_mapped_is_a_line():
    description = a.task(only(a.policy(), a.call(lines=("2999",)))).fields["Description"]
    assert "Employee: SIP number 2999\n" in description
    description = a.task(only(a.policy(), a.call(lines=()))).fields["Description"]
    assert "Employee" not in description


def test_6_without_our_package_the_key_is_in_call_object():
    plan = only(a.policy(), a.call(), a.facts(shape=a.shape(package=False)))
    assert a.task(plan).fields["CallObject"] == "UniTalk 275"
    assert "UniTalk_Call_Id__c" not in a.task(plan).fields
    assert "UniTalk_Key__c" not in a.step(plan, "Lead").fields
    assert a.told(plan) == ["owner.line"]


@pytest.mark.parametrize("came", [a.OWN_LINE, ""])
@pytest.mark.parametrize("namespace", ["", "unitalk__"])
def test_6_our_package_has_a_field_for_where_the_call_came_from(namespace, came):
    known, name = a.shape(package=not namespace), f"{namespace}UniTalk_External_Line__c"
    task = {**known.fields["Task"], **a.fields(name)}
    facts = a.facts(shape=replace(known, fields={**known.fields, "Task": task}))
    fields = a.task(only(a.policy(), a.call(external_line=came), facts)).fields
    assert fields.get(name) == (came or None)


def test_6_without_a_call_center_the_description_says_it():
    plan = only(a.policy(), a.call(), a.facts(shape=a.shape(call_center=False)))
    fields = a.task(plan).fields
    assert not {"CallType", "CallDurationInSeconds", "CallDisposition"} & fields.keys()
    assert fields["Description"].endswith("\nDuration: 9 s")
    assert "field.left_out" in a.told(plan)


def test_6_with_neither_the_trace_warns():
    bare = a.facts(shape=a.shape(package=False, call_center=False))
    assert "task.no_key" in a.told(only(a.policy(), a.call(), bare))


def test_6_a_package_field_the_user_may_not_write_is_not_used():
    known = a.shape()
    hidden = FieldInfo("UniTalk_Call_Id__c", "Id", "string", length=64, createable=False)
    task = {**known.fields["Task"], "UniTalk_Call_Id__c": hidden}
    facts = a.facts(shape=replace(known, fields={**known.fields, "Task": task}))
    fields = a.task(only(a.policy(), a.call(), facts)).fields
    assert fields["CallObject"] == "UniTalk 275"


def test_6_what_is_too_long_is_cut_with_a_mark():
    known = a.shape()
    short = FieldInfo("Name", "Name", "string", length=10)
    deals = {**known.fields["Opportunity"], "Name": short}
    facts = a.facts(
        a.contact(), shape=replace(known, fields={**known.fields, "Opportunity": deals})
    )
    plan = only(a.policy(mode=Mode.OPPORTUNITIES), a.call(), facts)
    assert a.step(plan, "Opportunity").fields["Name"] == "+38050555…"
    assert "field.cut" in a.told(plan)


def test_6_statuses_are_the_orgs_own():
    renamed = a.shape(closed_task_status="Завершено", open_task_status="Открыто")
    facts = a.facts(shape=renamed)
    assert a.task(only(a.policy(), a.call(), facts)).fields["Status"] == "Завершено"
    policy = a.policy(missed_calls=(a.row(a.OLENA),))
    assert a.task(only(policy, a.missed(), facts)).fields["Status"] == "Открыто"
