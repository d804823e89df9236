"""`make check-org` against the stand-in: all good, and each difference seen where it is."""

import pytest

from dev.check_org.asking import Verdict
from tests.dev.check_org.helpers.differences import ALSO, DIFFERENCES
from tests.dev.check_org.helpers.rig import GOOD, NAMES, WHERE_PRIVATE, verdicts

SIX = (
    "identity_of_the_org",
    "phone_fields_filterable",
    "six_spellings",
    "sixteen_ids",
    "owner_kept_on_update",
    "two_renewals",
)


def test_all_is_asked_and_good(rig):
    outcome = rig.ask()
    assert verdicts(outcome) == GOOD, outcome
    assert outcome.left == []
    assert rig.marked() == []


@pytest.mark.parametrize(
    "settings",
    [{"namespace": "unitalk"}, {"person_accounts": True}],
    ids=["namespace", "person accounts"],
)
def test_all_is_good_in_other_orgs(rig, settings):
    rig.switch(**settings)
    assert verdicts(rig.ask()) == GOOD
    assert rig.marked() == []


def test_what_the_org_does_not_let_us_delete_is_named(rig):
    """The leads that its assignment rule and we gave to somebody else; there is a pause between
    the attempts."""
    rig.make_private()
    outcome = rig.ask()
    assert verdicts(outcome) == dict.fromkeys(NAMES, Verdict.GOOD)
    assert len(rig.marked()) == 2
    assert [f"Lead {one.partition(':')[0]}" for one in outcome.left] == rig.marked()
    assert len(rig.slept) == 2


@pytest.mark.parametrize("name", WHERE_PRIVATE)
def test_a_difference_is_seen_where_records_are_private(rig, name):
    rig.make_private()
    DIFFERENCES[name](rig)
    assert verdicts(rig.ask()) == dict.fromkeys(NAMES, Verdict.GOOD) | {name: Verdict.DIFFERENT}


def test_what_a_killed_run_left_is_deleted_before_anything_is_asked(rig):
    rig.plant("Lead", LastName="UniTalk check-org 000000 killed", Company="Left")
    seen = []
    rig.between.change_answer(
        "GET", "/services/data/v30.0/", by=lambda _: seen.append(rig.marked())
    )
    rig.ask()
    assert seen == [[]]


def test_the_cli_is_asked_to_try_the_package_and_to_run_no_tests(rig):
    rig.ask()
    login, deploy = rig.cli_asked()
    assert login.startswith("org login access-token --instance-url")
    assert "project deploy start --dry-run --test-level NoTestRun --source-dir force-app" in deploy


def test_each_assertion_has_a_difference_that_it_must_see():
    assert sorted(DIFFERENCES) == sorted(NAMES)


@pytest.mark.parametrize("name", [one for one in NAMES if one not in WHERE_PRIVATE])
def test_a_difference_is_seen_where_it_is_and_nowhere_else(rig, name):
    DIFFERENCES[name](rig)
    outcome = rig.ask()
    assert verdicts(outcome) == GOOD | {name: Verdict.DIFFERENT} | ALSO.get(name, {})
    assert rig.marked() == []


def test_six_differences_at_once_are_exactly_those_six(rig):
    for name in SIX:
        DIFFERENCES[name](rig)
    found = verdicts(rig.ask())
    assert {name for name in NAMES if found[name] is not GOOD[name]} == set(SIX)
    assert all(found[name] is Verdict.DIFFERENT for name in SIX)


def test_two_good_renewals_are_good(rig):
    rig.switch(rotation=False)
    assert verdicts(rig.ask())["two_renewals"] is Verdict.GOOD


def test_a_renewal_that_has_to_wait_for_the_other_is_good(rig):
    """As the OAuth errors of Salesforce's help tell of it."""
    rig.switch(rotation=False)
    answered = []

    def second_waits(reply):
        answered.append(reply)
        if len(answered) == 2:
            words = "token request is already being processed"
            reply.status, reply.body = 400, {"error": "invalid_grant", "error_description": words}

    rig.between.change_answer("grant_type=refresh_token", by=second_waits)
    [found] = [one for one in rig.ask().asked if one.assertion.name == "two_renewals"]
    assert found.verdict is Verdict.GOOD
    assert "already being processed" in found.found


def test_an_org_with_more_users_than_one_page_is_read_all_the_same(rig):
    """The further page is another answer than the one that describes."""

    def in_two_pages(reply):
        users = reply.part("users")["body"]
        users |= {"done": False, "nextRecordsUrl": "/services/data/v66.0/query/more"}

    def no_more(reply):
        reply.status, reply.body = 200, {"done": True, "records": []}

    rig.between.change_answer("/composite ", "describe", by=in_two_pages)
    rig.between.change_answer("/query/more", by=no_more)
    assert verdicts(rig.ask())["phone_fields_visible"] is Verdict.GOOD
