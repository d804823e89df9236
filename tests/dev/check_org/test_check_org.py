"""`make check-org` against the stand-in: all good, and each difference seen where it is."""

import pytest

from dev.check_org.asking import Verdict
from dev.check_org.subjects import ASSERTIONS
from tests.dev.check_org.helpers.differences import DIFFERENCES
from tests.dev.check_org.helpers.rig import verdicts

NAMES = [one.name for one in ASSERTIONS]
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
    assert verdicts(outcome) == dict.fromkeys(NAMES, Verdict.GOOD), outcome
    assert outcome.left == []
    assert rig.marked() == []


@pytest.mark.parametrize(
    "settings",
    [{"namespace": "unitalk"}, {"person_accounts": True}],
    ids=["namespace", "person accounts"],
)
def test_all_is_good_in_other_orgs(rig, settings):
    rig.switch(**settings)
    assert verdicts(rig.ask()) == dict.fromkeys(NAMES, Verdict.GOOD)
    assert rig.marked() == []


def test_what_the_org_does_not_let_us_delete_is_named(rig):
    """The lead that its assignment rule gave to somebody else."""
    rig.switch(sharing="private", view_all=[])
    outcome = rig.ask()
    assert verdicts(outcome) == dict.fromkeys(NAMES, Verdict.GOOD)
    assert len(rig.marked()) == 1
    assert [f"Lead {one.partition(':')[0]}" for one in outcome.left] == rig.marked()


def test_each_assertion_has_a_difference_that_it_must_see():
    assert sorted(DIFFERENCES) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_difference_is_seen_where_it_is_and_nowhere_else(rig, name):
    DIFFERENCES[name](rig)
    outcome = rig.ask()
    expected = dict.fromkeys(NAMES, Verdict.GOOD) | {name: Verdict.DIFFERENT}
    assert verdicts(outcome) == expected
    assert rig.marked() == []


def test_six_differences_at_once_are_exactly_those_six(rig):
    for name in SIX:
        DIFFERENCES[name](rig)
    found = verdicts(rig.ask())
    assert {name for name in NAMES if found[name] is not Verdict.GOOD} == set(SIX)
    assert all(found[name] is Verdict.DIFFERENT for name in SIX)
