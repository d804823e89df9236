"""The number of a test call, and what counts as a difference between written and found."""

from datetime import UTC, datetime

import phonenumbers
import pytest

from core import reasons
from core.facts import Contact, Facts, FieldInfo, Lead, OrgShape
from core.phone import e164, matches
from core.plan import Create, Outcome, Plan, Ref, Update
from core.test_call import compare
from core.test_call.call import NUMBERS, free_number

SHAPE = OrgShape(fields={})
NOW = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_the_numbers_are_read_in_every_country(region):
    for number in NUMBERS[::111]:
        assert e164(number.lstrip("+"), region) == number
        assert matches(number, number, region)


def test_a_number_that_somebody_has_is_passed_over():
    lead = Lead("00Q1", "L", ("020 7946 0000", ""), "", NOW)
    contact = Contact("0031", "C", ("+44 (0)20 7946-0001",), "", NOW)
    facts = Facts(SHAPE, "", leads=(lead,), contacts=(contact,))
    assert free_number(NUMBERS[:3], facts, "GB") == NUMBERS[2]
    assert free_number(NUMBERS[:2], facts, "GB") == ""


@pytest.mark.parametrize(
    ("kind", "sent", "found"),
    [
        ("string", "Olena", "Olena"),
        ("textarea", "one\ntwo ", "one\r\ntwo"),
        ("string", "", None),
        ("int", 60, 60.0),
        ("boolean", True, True),
        ("datetime", "2026-11-29T16:15:52+02:00", "2026-11-29T14:15:52.000+0000"),
        ("reference", "0031i000013x2TE", "0031i000013x2TEAAY"),
        ("multipicklist", "b;a", "a;b"),
    ],
)
def test_salesforces_own_form_of_a_value_is_no_difference(kind, sent, found):
    assert is_same(kind, sent, found)


@pytest.mark.parametrize(
    ("kind", "sent", "found"),
    [
        ("string", "Olena", "olena"),
        ("string", "Olena", None),
        ("int", 60, 6),
        ("boolean", True, False),
        ("datetime", "2026-11-29T16:15:52+02:00", "2026-11-29T16:15:52.000+0000"),
        ("reference", "0031i000013x2TE", "0031i000013x2TFAAY"),
        ("multipicklist", "a;b", "a"),
    ],
)
def test_what_differs_is_seen(kind, sent, found):
    assert not is_same(kind, sent, found)


def is_same(kind, sent, found):
    shape = OrgShape(fields={"Lead": {"X": FieldInfo("X", "X", kind)}})
    (record,) = compare.planned(a_plan(Create("lead_1", "Lead", {"X": sent})), shape)
    (field,) = compare.compared(record, {"X": found}).fields
    return field.is_same


def test_what_a_later_step_changes_is_what_is_to_stand_there():
    lead = Create("lead_1", "Lead", {"OwnerId": "005A", "Company": "—", "Phone": None})
    task = Create("task_1", "Task", {"WhoId": Ref("lead_1")})
    give = Update("give_1", "Lead", Ref("lead_1"), {"OwnerId": "005B"})
    first, second = compare.planned(a_plan(give, lead, task), SHAPE)
    assert {one.name: one.sent for one in first.fields} == {"OwnerId": "005B", "Company": "—"}
    assert [(one.name, one.new) for one in second.fields] == [("WhoId", "Lead")]


def a_plan(*steps):
    return Plan(1, "key", Outcome.WRITE, reasons.write.lead_created(), steps=steps)
