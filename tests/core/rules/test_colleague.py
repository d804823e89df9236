"""A colleague answered (docs/rules.md): who is told of it, with what, and when nobody is."""

from dataclasses import replace

import pytest

from core.facts import FieldInfo
from core.languages import LANGUAGES
from core.plan import Create
from core.policy import Mode, OwnField
from core.rules import decide
from tests.core.helpers import cases as a

TELLING = a.policy(tell_owner=True)
PETROS = a.lead(owner_id=a.PETRO)


def only(policy, held, call, facts=None, **lessons):
    (plan,) = decide([a.waiting(call, **lessons)], policy, facts or a.facts(*held))
    return plan


def tasks_of(plan):
    return [step for step in plan.steps if step.object == "Task"]


def test_the_owner_gets_an_open_task_of_their_own():
    plan = only(TELLING, (PETROS,), a.call())
    told, own = tasks_of(plan)
    assert told == Create(
        "tell_owner_1",
        "Task",
        {
            "Subject": "Your client spoke with Olena: +380505557182",
            "Status": "Not Started",
            "ActivityDate": "2026-07-09",
            "ReminderDateTime": "2026-07-09T17:58:52+03:00",
            "IsReminderSet": True,
            "Description": own.fields["Description"],
            "WhoId": "00QLEAD",
            "OwnerId": a.PETRO,
            "UniTalk_Call_Id__c": "275/owner",
        },
        beside=True,
    )
    assert "Recording: https://api.unitalk.cloud" in told.fields["Description"]
    assert plan.steps[-1] is own
    assert (own.fields["OwnerId"], own.fields["Status"]) == (a.OLENA, "Completed")
    assert (own.fields["UniTalk_Call_Id__c"], own.beside) == ("275", False)
    assert "task.owner_told" in a.told(plan)


def test_it_is_due_as_a_missed_call_would_be():
    policy = a.policy(tell_owner=True, missed_task_due_minutes=24 * 60)
    told, _ = tasks_of(only(policy, (PETROS,), a.call()))
    assert told.fields["ActivityDate"] == "2026-07-10"


WHO = [
    # what, settings, Salesforce holds, call, is somebody told, the trace
    ("off, as at first", a.policy(), (PETROS,), a.call(), False, ""),
    ("the owner answered", TELLING, (PETROS,), a.call(lines=("2001",)), False, ""),
    ("a colleague, after a transfer", TELLING, (PETROS,), a.call(lines=("2001", "2000")), True, ""),
    ("the owner, after a transfer", TELLING, (PETROS,), a.call(lines=("2000", "2001")), False, ""),
    ("nobody knows who answered", TELLING, (PETROS,), a.call(lines=("2999",)), False, ""),
    ("no line", TELLING, (PETROS,), a.call(lines=()), False, ""),
    ("missed", TELLING, (PETROS,), a.missed(), False, ""),
    ("outgoing", TELLING, (PETROS,), a.outgoing(), False, ""),
    ("a new record", TELLING, (), a.call(), False, ""),
    (
        *("a queue's", TELLING, (a.lead(owner_id=a.QUEUE),), a.call()),
        *(False, "task.nobody_to_tell"),
    ),
    (
        *("of one who left", TELLING, (a.lead(owner_id=a.GONE, owner_active=False),), a.call()),
        *(False, "task.nobody_to_tell"),
    ),
    (
        "a contact",
        a.policy(tell_owner=True, mode=Mode.CONTACTS),
        (a.contact(),),
        a.call(),
        True,
        "",
    ),
]


@pytest.mark.parametrize(("what", "policy", "held", "call", "is_told", "said"), WHO)
def test_who_is_told(what, policy, held, call, is_told, said):
    plan = only(policy, held, call)
    assert len(tasks_of(plan)) == (2 if is_told else 1), what
    assert not said or said in a.told(plan)
    assert ("task.owner_told" in a.told(plan)) == is_told


def test_it_hangs_on_the_opportunity_too():
    policy = a.policy(tell_owner=True, mode=Mode.OPPORTUNITIES)
    told, own = tasks_of(only(policy, (a.WITH_OPEN,), a.call()))
    assert told.fields["WhatId"] == own.fields["WhatId"] == "006OPEN"


def test_without_the_package_the_key_differs_too():
    facts = a.facts(PETROS, shape=a.shape(package=False))
    told, own = tasks_of(only(TELLING, (), a.call(), facts))
    keys = [told.fields["CallObject"], own.fields["CallObject"]]
    assert keys == ["UniTalk 275/owner", "UniTalk 275"]


def test_two_long_keys_stay_two():
    """The package's field has room for a call's key, not for the ending."""
    shape = a.shape()
    field = FieldInfo("UniTalk_Call_Id__c", "Key", "string", length=64)
    tasks = {**shape.fields["Task"], field.name: field}
    facts = a.facts(PETROS, shape=replace(shape, fields={**shape.fields, "Task": tasks}))
    calls = [a.waiting(a.call(key=f"{'k' * 63}{place}"), place) for place in (1, 2)]
    plans = decide(calls, TELLING, facts)
    told, own = zip(*map(tasks_of, plans), strict=True)
    keys = [one.fields[field.name] for one in told]
    assert len(set(keys)) == 2
    assert all(len(one) == 64 and one.endswith("/owner") for one in keys)
    assert [one.fields[field.name] for one in own] == [one.call.key for one in calls]
    assert keys == [one.steps[0].fields[field.name] for one in decide(calls, TELLING, facts)]


def test_own_fields_of_tasks_are_filled_there_too():
    """An org may require them of every Task."""
    shape = a.shape()
    note = {"Note__c": FieldInfo("Note__c", "Note", "string", length=50, required=True)}
    shape = replace(shape, fields={**shape.fields, "Task": {**shape.fields["Task"], **note}})
    own = OwnField(object="Task", field="Note__c", template="{status}")
    policy = a.policy(tell_owner=True, own_fields=(own,))
    tasks = tasks_of(only(policy, (), a.call(), a.facts(PETROS, shape=shape)))
    assert [one.fields["Note__c"] for one in tasks] == ["answered, incoming"] * 2


@pytest.mark.parametrize(
    ("lessons", "said"),
    [
        ({"avoid": {"tell_owner_1"}}, "task.owner_not_told"),
        ({"not_owner": {a.PETRO}}, "task.nobody_to_tell"),
    ],
)
def test_refused_it_is_left_out_and_said(lessons, said):
    plan = only(TELLING, (PETROS,), a.call(), **lessons)
    assert len(tasks_of(plan)) == 1
    assert said in a.told(plan)


def test_every_call_of_a_batch_tells():
    first, second = a.waiting(a.call(), 1), a.waiting(a.call(key="276"), 2)
    plans = decide([first, second], TELLING, a.facts(PETROS))
    assert [len(tasks_of(one)) for one in plans] == [2, 2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_subject_is_in_the_accounts_language(language):
    policy = a.policy(tell_owner=True, language=language)
    subject = tasks_of(only(policy, (PETROS,), a.call()))[0].fields["Subject"]
    assert subject.endswith("Olena: +380505557182")
    assert (subject.startswith("Your client")) == (language == "en")
