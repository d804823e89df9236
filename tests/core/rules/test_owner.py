"""Whose it is: rules section 5, branch by branch, each with its line in the trace."""

import pytest

from core.facts import MOST_USERS, User
from core.policy import LineRow, Mode
from core.rules import decide
from tests.core.helpers import cases as a

OWNERS = [
    # what, policy, call, new lead's owner, trace
    ("answered", a.policy(), a.call(), a.OLENA, ["owner.line"]),
    ("transferred: the last line", a.policy(), a.call(lines=("2000", "2001")), a.PETRO, []),
    (
        *("unmapped line", a.policy(), a.call(lines=("2999",))),
        *(a.CONNECTED, ["owner.unmapped_line", "owner.connected"]),
    ),
    (
        *("unmapped line, default", a.policy(default_responsible=a.PETRO)),
        *(a.call(lines=("2999",)), a.PETRO, ["owner.unmapped_line", "owner.default"]),
    ),
    ("no line", a.policy(), a.call(lines=()), a.CONNECTED, ["owner.no_line"]),
    (
        *("inactive", a.policy(default_responsible=a.PETRO), a.call(lines=("2009",))),
        *(a.PETRO, ["owner.inactive", "owner.default"]),
    ),
    (
        *("unknown", a.policy(), a.call(lines=("2010",))),
        *(a.CONNECTED, ["owner.unknown", "owner.connected"]),
    ),
    (
        *("inactive default", a.policy(default_responsible=a.GONE), a.call(lines=())),
        *(a.CONNECTED, ["owner.inactive", "owner.connected"]),
    ),
    ("outgoing", a.policy(create_on_outgoing=True), a.outgoing(), a.OLENA, ["owner.line"]),
    ("missed, no table", a.policy(), a.missed(), a.CONNECTED, ["owner.connected"]),
    (
        *("missed, any line", a.policy(missed_calls=(a.row(a.PETRO),)), a.missed()),
        *(a.PETRO, ["owner.missed_any", "task.open"]),
    ),
    (
        "missed, this line before any",
        a.policy(missed_calls=(a.row(a.PETRO), a.row(a.OLENA, line=a.OWN_LINE, row_id=8))),
        *(a.missed(), a.OLENA, ["owner.missed_line"]),
    ),
    (
        "missed, line written by a person",
        a.policy(missed_calls=(a.row(a.OLENA, line="(044) 490-01-23"),)),
        *(a.missed(), a.OLENA, ["owner.missed_line"]),
    ),
    (
        "missed, a site's name",
        a.policy(missed_calls=(a.row(a.OLENA, line="Site.UA "),)),
        *(a.missed(external_line="site.ua"), a.OLENA, ["owner.missed_line"]),
    ),
    (
        "missed, a site's name that looks the same",
        a.policy(missed_calls=(a.row(a.OLENA, line="Дем'янівка\u00a0\u2014 сайт"),)),
        *(a.missed(external_line="дем\u02bcянівка - САИ\u0306Т"), a.OLENA, ["owner.missed_line"]),
    ),
    (
        "a line's name that looks the same",
        a.policy(lines=(LineRow(line="anna.k", user_id=a.PETRO),)),
        *(a.call(lines=("Anna.K\u200b",)), a.PETRO, ["owner.line"]),
    ),
    (
        "missed, another line's row",
        a.policy(missed_calls=(a.row(a.OLENA, line="380441112233"),)),
        *(a.missed(), a.CONNECTED, ["owner.connected"]),
    ),
    (
        "missed, the one in turn left",
        a.policy(missed_calls=(a.row(a.GONE, a.PETRO),)),
        *(a.missed(), a.PETRO, ["owner.inactive", "owner.missed_any"]),
    ),
    (
        "missed, this line's all left",
        a.policy(missed_calls=(a.row(a.PETRO), a.row(a.GONE, line=a.OWN_LINE, row_id=8))),
        *(a.missed(), a.PETRO, ["owner.inactive", "owner.missed_any"]),
    ),
]


def only(policy, call, facts=None, **lessons):
    (plan,) = decide([a.waiting(call, **lessons)], policy, facts or a.facts())
    return plan


@pytest.mark.parametrize(
    ("what", "policy", "call", "owner", "trace"), OWNERS, ids=[case[0] for case in OWNERS]
)
def test_5_owner_of_a_new_record_and_its_task(what, policy, call, owner, trace):
    plan = only(policy, call)
    assert a.step(plan, "Lead").fields["OwnerId"] == owner
    assert a.task(plan).fields["OwnerId"] == owner
    assert [code for code in trace if code not in a.told(plan)] == []


def test_5_an_unmapped_line_is_offered_on_the_page():
    assert only(a.policy(), a.call(lines=("2999",))).unmapped_line == "2999"
    assert only(a.policy(), a.call()).unmapped_line == ""
    assert only(a.policy(), a.missed(lines=("2999",))).unmapped_line == ""


def test_5_missed_on_an_existing_record_goes_to_its_owner_and_is_over():
    plan = only(a.policy(), a.missed(), a.facts(a.lead()))
    assert a.task(plan).fields["OwnerId"] == a.PETRO
    assert a.task(plan).fields["Status"] == "Completed"
    assert plan.turn_of == 0


def test_5_missed_with_a_responsible_is_an_open_task_with_a_due_time():
    policy = a.policy(missed_calls=(a.row(a.OLENA),), missed_task_due_minutes=600)
    plan = only(policy, a.missed(), a.facts(a.lead()))
    fields = a.task(plan).fields
    assert fields["OwnerId"] == a.OLENA
    assert fields["Status"] == "Not Started"
    assert fields["ActivityDate"] == "2026-07-10"
    assert fields["ReminderDateTime"] == "2026-07-10T02:58:52+03:00"
    assert fields["IsReminderSet"] is True
    assert plan.turn_of == 7


@pytest.mark.parametrize(
    ("owner", "active", "told"),
    [(a.QUEUE, True, "owner.queue"), (a.GONE, False, "owner.inactive")],
)
def test_5_a_queue_or_one_who_left_gets_no_task(owner, active, told):
    held = a.facts(a.lead(owner_id=owner, owner_active=active))
    plan = only(a.policy(default_responsible=a.OLENA), a.missed(), held)
    assert a.task(plan).fields["OwnerId"] == a.OLENA
    assert told in a.told(plan)
    assert a.updated(plan) == [], "the record keeps its owner"


def test_5_an_answered_call_goes_to_the_employee_whoever_owns_the_record():
    plan = only(a.policy(), a.call(), a.facts(a.lead(owner_id=a.PETRO)))
    assert a.task(plan).fields["OwnerId"] == a.OLENA


def test_5_users_that_salesforce_refused_are_passed_over():
    plan = only(a.policy(default_responsible=a.PETRO), a.call(), not_owner=[a.OLENA])
    assert a.step(plan, "Lead").fields["OwnerId"] == a.PETRO
    assert "owner.refused" in a.told(plan)


def test_5_when_nobody_is_left_salesforce_decides():
    plan = only(a.policy(), a.call(), not_owner=[a.OLENA, a.CONNECTED])
    assert "OwnerId" not in a.step(plan, "Lead").fields
    assert "OwnerId" not in a.task(plan).fields
    assert "owner.nobody" in a.told(plan)


def test_5_an_org_that_shows_no_users_is_taken_at_its_word():
    plan = only(a.policy(), a.call(lines=("2010",)), a.facts(shape=a.shape(users={})))
    assert a.task(plan).fields["OwnerId"] == "005X"


def test_5_so_is_one_with_more_users_than_were_read():
    def made(number):
        users = {f"005{n}": User(f"005{n}", f"User {n}") for n in range(number)}
        return a.task(
            only(a.policy(), a.call(lines=("2010",)), a.facts(shape=a.shape(users=users)))
        )

    assert made(MOST_USERS).fields["OwnerId"] == "005X"
    assert made(MOST_USERS - 1).fields["OwnerId"] == a.CONNECTED


def test_5_a_new_opportunity_gets_the_employee_too():
    plan = only(a.policy(mode=Mode.OPPORTUNITIES), a.call(), a.facts(a.contact()))
    assert a.step(plan, "Opportunity").fields["OwnerId"] == a.OLENA
