"""Found later (docs/rules.md): which skipped calls are looked for, until when, and what is said."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from core.kinds import Kind, KindRow, Known, Unknown
from core.policy import Mode
from core.rules import decide
from tests.core.helpers import cases as a
from tests.core.helpers.cases import only

LOOKED_FOR = [
    # what, settings, Salesforce holds, call, is it looked for
    ("outgoing, unknown", a.policy(), (), a.outgoing(), True),
    ("outgoing, not answered, unknown", a.policy(), (), a.outgoing(state="BUSY"), True),
    ("in contacts", a.policy(mode=Mode.CONTACTS), (), a.outgoing(), True),
    ("with opportunities", a.DEALS, (), a.outgoing(), True),
    ("the switch is off", a.policy(find_later=False), (), a.outgoing(), False),
    ("incoming, creates", a.policy(), (), a.call(), False),
    ("outgoing, creates", a.policy(create_on_outgoing=True), (), a.outgoing(), False),
    ("outgoing, known", a.policy(), (a.lead(),), a.outgoing(), False),
    ("outgoing, converted", a.policy(), (a.converted(),), a.outgoing(), False),
    (
        "incoming, creates nothing",
        a.policy(kinds=(KindRow(kind=Kind.INCOMING_ANSWERED, unknown=Unknown.NOTHING),)),
        *((), a.call(), False),
    ),
    (
        "outgoing, nothing for known ones either",
        a.policy(kinds=(KindRow(kind=Kind.OUTGOING_ANSWERED, known=Known.NOTHING),)),
        *((), a.outgoing(), False),
    ),
    ("internal", a.policy(), (), a.call(direction="INNER"), False),
]


@pytest.mark.parametrize(("what", "policy", "held", "call", "is_looked_for"), LOOKED_FOR)
def test_what_is_looked_for(what, policy, held, call, is_looked_for):
    plan = only(policy, held, call)
    assert (plan.look_until is not None) == is_looked_for, what
    assert ("skip.looked_for" in a.told(plan)) == is_looked_for
    if is_looked_for:
        assert plan.reason.code == "skip.outgoing_unknown"
        assert plan.look_until == datetime(2026, 7, 10, 13, 58, 52, tzinfo=UTC)
        assert plan.trace[-1].params == {"until": "2026-07-10 16:58"}


def test_a_day_is_24_hours_also_where_clocks_change():
    call = a.outgoing(started_at=datetime(2026, 10, 24, 12))
    (plan,) = decide([a.waiting(call)], a.policy(), a.facts(today=date(2026, 10, 24)))
    assert plan.look_until == datetime(2026, 10, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(("minute", "is_looked_for"), [(58, True), (59, False)])
def test_a_call_delivered_more_than_a_day_later_is_not_looked_for(minute, is_looked_for):
    now = datetime(2026, 7, 10, 13, minute, tzinfo=UTC)
    (plan,) = decide([a.waiting(a.outgoing())], a.policy(), a.facts(now=now))
    assert (plan.look_until is not None) is is_looked_for
    assert ("skip.looked_for" in a.told(plan)) is is_looked_for


FOUND = [
    (a.policy(), a.lead(), "write.lead_found"),
    (a.policy(mode=Mode.CONTACTS), a.contact(), "write.contact_found"),
    (a.DEALS, a.WITH_OPEN, "write.opportunity_open"),
    (a.DEALS, a.WITH_CLOSED, "write.contact_only"),
    (a.policy(known_contact_first=True), a.contact(), "write.contact_first"),
]


@pytest.mark.parametrize(("policy", "record", "usual"), FOUND)
def test_what_is_found_is_written_and_says_so(policy, record, usual):
    waiting = replace(a.waiting(a.outgoing()), was_unknown=True)
    (plan,) = decide([waiting], policy, a.facts(record))
    assert (plan.reason.code, plan.reason.params) == (
        "write.found_later",
        {"name": record.name},
    )
    assert usual in a.told(plan)
    assert plan.who == record.id
    assert a.created(plan) == []


def test_gone_again_it_is_looked_for_again():
    waiting = replace(a.waiting(a.outgoing()), was_unknown=True)
    (plan,) = decide([waiting], a.policy(), a.facts())
    assert (plan.reason.code, plan.look_until is not None) == ("skip.outgoing_unknown", True)


def test_what_it_creates_by_other_settings_was_not_found():
    waiting = replace(a.waiting(a.outgoing()), was_unknown=True)
    (plan,) = decide([waiting], a.policy(create_on_outgoing=True), a.facts())
    assert plan.reason.code == "write.lead_created"
