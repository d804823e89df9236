"""What an org lacks cannot be asked; that is told, and never called good."""

import pytest

from core.policy import PHONE_FIELDS
from dev.check_org.asking import Verdict, ask
from dev.check_org.assertions import asserts
from tests.dev.check_org.helpers.differences import refused
from tests.dev.check_org.helpers.rig import GOOD, verdicts


def no_package(rig):
    rig.switch(package=False)


def no_assignment_rule(rig):
    rig.switch(assignment_owner=None)


def no_duplicate_rule(rig):
    rig.switch(duplicate_rules=[])


def a_rule_that_does_not_compare_leads(rig):
    rule = {"object": "Lead", "action": "alert", "against": ["Contact"], "match": ["Email"]}
    rig.switch(duplicate_rules=[rule])


def a_failed_log_in_of_the_cli(rig):
    rig.cli_says("org login", status=1, message="INVALID_SESSION_ID")


def a_failed_cli(rig):
    rig.cli_says("project deploy", status=1, message="NoTestRun is not for production orgs")


def phones_that_are(switch):
    """Hidden, or encrypted: every phone field of leads."""
    return lambda rig: rig.switch(**{switch: [one for one in PHONE_FIELDS if one[:5] == "Lead."]})


def nobody_inactive(rig):
    for user in rig.records("User"):
        rig.control("PATCH", f"/orgs/Acme/records/User/{user['Id']}", {"IsActive": True})


def only_queues_for_tasks(rig):
    [queue] = [one["Id"] for one in rig.records("Group") if one["Type"] == "Queue"]
    rig.plant("QueueSobject", QueueId=queue, SobjectType="Task")


def one_user_shown(rig):
    rig.switch(visible_users="own")


def no_conversion(rig):
    rig.between.block("/services/Soap/")


def an_old_converted_lead(rig):
    lead = rig.plant("Lead", LastName="Old", Company="Old")
    rig.control("POST", "/orgs/Acme/convert", {"lead": lead, "opportunity": False})
    no_conversion(rig)


def no_answer(rig):
    fault = {"kind": "unavailable", "path": "/sobjects/Task$", "times": None}
    rig.control("POST", "/faults", fault)


def a_rule_against_our_contacts(rig):
    rule = {"object": "Contact", "when": "LastName != 'Known'", "message": "Not like this."}
    rig.switch(validation_rules=[rule])


def a_refused_update(rig):
    rig.between.change_answer("owner_kept_on_update", "PATCH", by=refused("ENTITY_IS_LOCKED"))


@pytest.mark.parametrize(
    ("lacking", "not_asked"),
    [
        (
            no_package,
            {
                *("package_fields", "own_fields_createable"),
                *("call_key_again", "call_key_in_other_case", "record_key_again"),
            },
        ),
        (no_assignment_rule, {"owner_kept_on_create", "owner_kept_on_update"}),
        (no_duplicate_rule, {"duplicate_named"}),
        (a_rule_that_does_not_compare_leads, {"duplicate_named"}),
        (a_failed_log_in_of_the_cli, {"package_deploys"}),
        (a_failed_cli, {"package_deploys"}),
        (nobody_inactive, {"inactive_owner"}),
        (only_queues_for_tasks, {"queue_as_owner"}),
        (one_user_shown, {"users_shown", "inactive_owner"}),
        (no_conversion, {"task_on_a_converted_lead", "converted_lead_in_the_index"}),
        (an_old_converted_lead, {"converted_lead_in_the_index"}),
        (a_refused_update, {"owner_kept_on_update"}),
        (no_answer, {"number_in_a_text_field", "id_in_a_body"}),
        (
            a_rule_against_our_contacts,
            {
                *("upsert_of_several", "contact_role"),
                *("task_on_a_converted_lead", "converted_lead_in_the_index"),
            },
        ),
    ],
)
def test_what_an_org_lacks_is_not_asked(rig, lacking, not_asked):
    lacking(rig)
    found = verdicts(rig.ask())
    assert found == GOOD | dict.fromkeys(not_asked, Verdict.NOT_ASKED)
    assert rig.marked() == []


@pytest.mark.parametrize("switch", ["hidden_fields", "encrypted_fields"])
def test_phones_that_cannot_be_searched_stop_nothing(rig, switch):
    phones_that_are(switch)(rig)
    found = verdicts(rig.ask())
    assert list(found) == list(GOOD)
    assert found["look_up_plan"] is Verdict.NOT_ASKED
    assert rig.marked() == []


def test_an_assertion_that_fails_by_itself_stops_nothing(rig):
    def breaks(org):
        raise StopIteration

    asked = ask(rig.org(), asserts("Breaks", expected="nothing")(breaks))
    assert (asked.verdict, asked.found) == (Verdict.DIFFERENT, "unreadable: StopIteration ")
