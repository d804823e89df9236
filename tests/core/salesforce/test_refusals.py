"""One refused step, and what follows from it: every row of the rules' section 8."""

from dataclasses import replace

import pytest

from core.facts import FieldInfo, Lessons, OrgShape
from core.plan import Create, Ref, Step, Update, Verdict
from core.salesforce.refusals import Judgement
from tests.core.salesforce.helpers.judging import judged, learnt
from tests.core.salesforce.helpers.shapes import shape

LEAD = "00Q000000000001EAA"
CONTACT = "003000000000001AAA"
DEAL = "006000000000001AAA"
USER = "005xx000001SwiUAAS"
OWN = frozenset({"Source__c", "Other__c"})

NEW_LEAD = Create(
    "lead1",
    "Lead",
    {"LastName": "x", "Company": "x", "OwnerId": USER, "Source__c": "a", "Other__c": "b"},
    own=OWN,
)
PLAIN_LEAD = Create("lead1", "Lead", {"LastName": "x", "Company": "x"})
TASK = Create("task1", "Task", {"WhoId": LEAD, "UniTalk_Call_Id__c": "k1", "OwnerId": USER})
DEAL_TASK = Create("task1", "Task", {"WhoId": CONTACT, "WhatId": DEAL})
NEW_TASK = Create("task1", "Task", {"WhoId": Ref("lead1"), "UniTalk_Call_Id__c": "k1"})
UPDATE = Update("lead1", "Lead", LEAD, {"Source__c": "a"}, own=frozenset({"Source__c"}))
REOPEN = Update("deal1", "Opportunity", DEAL, {"StageName": "New"})


OWN_LEFT_OUT = Lessons(leave_out_own=frozenset({"Lead.Source__c"}))


def same_call(record: str) -> str:
    return f"duplicate value found: UniTalk_Call_Id__c duplicates value on record with id: {record}"


def test_a_call_written_before_is_done() -> None:
    verdict = judged(NEW_TASK, "DUPLICATE_VALUE", same_call("00T000000000001"))
    assert verdict == Judgement(Verdict.DONE, task_id="00T000000000001EAA")


def test_a_call_written_before_on_a_task_we_may_not_see() -> None:
    verdict = judged(NEW_TASK, "DUPLICATE_VALUE", same_call("<unknown>"))
    assert verdict == Judgement(Verdict.DONE)


def test_a_record_with_our_key_is_used() -> None:
    step = Create("lead1", "Lead", {"LastName": "x", "UniTalk_Key__c": "+38050"})
    message = "duplicate value found: UniTalk_Key__c duplicates value on record with id: "
    found = learnt(judged(step, "DUPLICATE_VALUE", message + LEAD[:15]))
    assert found == Lessons(use=frozenset({LEAD}))
    assert judged(step, "DUPLICATE_VALUE", message + "<unknown>").verdict is Verdict.ATTENTION


def test_a_unique_field_of_the_customers() -> None:
    message = f"duplicate value found: Source__c duplicates value on record with id: {LEAD[:15]}"
    assert learnt(judged(NEW_LEAD, "DUPLICATE_VALUE", message)) == Lessons(
        leave_out_own=frozenset({"Lead.Source__c"})
    )
    assert judged(PLAIN_LEAD, "DUPLICATE_VALUE", message).verdict is Verdict.ATTENTION


@pytest.mark.parametrize("key", ["duplicateResut", "duplicateResult"])
def test_a_duplicate_rule_is_obeyed(key: str) -> None:
    matches = [{"record": {"Id": i}} for i in (LEAD, CONTACT[:15], "001000000000001AAA")]
    result = {"allowSave": False, "matchResults": [{"matchRecords": matches}]}
    verdict = judged(NEW_LEAD, "DUPLICATES_DETECTED", "Use one of these?", **{key: result})
    assert learnt(verdict) == Lessons(use=frozenset({LEAD, CONTACT}))


def test_a_duplicate_rule_that_names_nobody_we_can_use() -> None:
    assert judged(NEW_LEAD, "DUPLICATES_DETECTED").verdict is Verdict.ATTENTION


def test_own_fields_that_make_a_known_record_look_like_another() -> None:
    result = {"matchResults": [{"matchRecords": [{"record": {"Id": CONTACT}}]}]}
    verdict = judged(UPDATE, "DUPLICATES_DETECTED", duplicateResut=result)
    assert learnt(verdict) == Lessons(leave_out_own=frozenset({"Lead.Source__c"}))
    reopening = judged(REOPEN, "DUPLICATES_DETECTED", duplicateResut=result)
    assert reopening.verdict is Verdict.ATTENTION


@pytest.mark.parametrize(
    "code",
    [
        "INVALID_FIELD",
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "STRING_TOO_LONG",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "INVALID_TYPE_ON_FIELD_IN_RECORD",
        "INVALID_EMAIL_ADDRESS",
        "NUMBER_OUTSIDE_VALID_RANGE",
        "JSON_PARSER_ERROR",
        "MALFORMED_ID",
    ],
)
def test_a_broken_own_field_is_left_out(code: str) -> None:
    one = Lessons(leave_out_own=frozenset({"Lead.Source__c"}))
    assert learnt(judged(NEW_LEAD, code, fields=("Source__c",))) == one
    assert learnt(judged(NEW_LEAD, code, "No such column 'Source__c' on Lead")) == one
    unnamed = Lessons(leave_out_own=frozenset({"Lead.Source__c", "Lead.Other__c"}))
    assert learnt(judged(NEW_LEAD, code, "Something")) == unnamed


def test_a_field_named_by_its_label() -> None:
    known = shape(extra={"Lead": "Source__c Other__c"})
    message = "The Source__c: data value too large: aaa (max length=80)"
    found = learnt(judged(NEW_LEAD, "STRING_TOO_LONG", message, known=known))
    assert found == Lessons(leave_out_own=frozenset({"Lead.Source__c"}))


def test_a_standard_field_out_of_bounds_is_for_a_person() -> None:
    verdict = judged(NEW_LEAD, "STRING_TOO_LONG", "Last Name: too large", ("LastName",))
    assert verdict.verdict is Verdict.ATTENTION
    assert verdict.reason.params["message"] == "Last Name: too large"


def test_a_field_of_ours_that_vanished_since_the_org_was_described() -> None:
    message = "No such column 'UniTalk_Call_Id__c' on sobject of type Task"
    found = learnt(judged(TASK, "INVALID_FIELD", message))
    assert found == Lessons(leave_out=frozenset({"Task.UniTalk_Call_Id__c"}))


def test_a_required_field_cannot_be_left_out() -> None:
    company = FieldInfo("Company", "Company", "string", required=True)
    known = OrgShape(fields={"Lead": {"Company": company}})
    verdict = judged(PLAIN_LEAD, "INVALID_FIELD_FOR_INSERT_UPDATE", "", ("Company",), known)
    assert verdict.verdict is Verdict.ATTENTION


def test_an_inactive_owner() -> None:
    message = f"operation performed with inactive user [{USER[:15]}] as owner of lead"
    expected = Lessons(not_owner=frozenset({USER}))
    assert learnt(judged(NEW_LEAD, "INACTIVE_OWNER_OR_USER", message)) == expected
    assert learnt(judged(TASK, "INACTIVE_OWNER_OR_USER")) == expected
    assert judged(PLAIN_LEAD, "INACTIVE_OWNER_OR_USER").verdict is Verdict.ATTENTION
    assert learnt(judged(UPDATE, "INACTIVE_OWNER_OR_USER", message)) == OWN_LEFT_OUT


@pytest.mark.parametrize("code", ["ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"])
def test_a_record_deleted_meanwhile_is_avoided(code: str) -> None:
    assert learnt(judged(TASK, code)) == Lessons(avoid=frozenset({LEAD}))
    assert learnt(judged(UPDATE, code)) == Lessons(avoid=frozenset({LEAD}))
    assert learnt(judged(REOPEN, code)) == Lessons(avoid=frozenset({DEAL}))


def test_of_two_linked_records_the_named_one_is_avoided() -> None:
    def avoided(*args: object) -> frozenset[str]:
        return learnt(judged(DEAL_TASK, "INVALID_CROSS_REFERENCE_KEY", *args)).avoid

    assert avoided("", ("WhoId",)) == {CONTACT}
    assert avoided(f"invalid cross reference id: {CONTACT[:15]}") == {CONTACT}
    assert avoided("invalid cross reference id") == {DEAL}


def test_a_lead_converted_meanwhile_is_avoided() -> None:
    verdict = judged(TASK, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
    assert learnt(verdict) == Lessons(avoid=frozenset({LEAD}))
    assert learnt(judged(UPDATE, "CANNOT_UPDATE_CONVERTED_LEAD")).avoid == {LEAD}


def test_a_dangling_reference_that_is_none_of_ours() -> None:
    assert judged(NEW_TASK, "INVALID_CROSS_REFERENCE_KEY").verdict is Verdict.ATTENTION
    by_field = judged(TASK, "INVALID_CROSS_REFERENCE_KEY", fields=("OwnerId",))
    assert learnt(by_field) == Lessons(not_owner=frozenset({USER}))
    own = judged(NEW_LEAD, "INVALID_CROSS_REFERENCE_KEY", fields=("Source__c",))
    assert learnt(own) == Lessons(leave_out_own=frozenset({"Lead.Source__c"}))


@pytest.mark.parametrize(
    "code",
    [
        "REQUIRED_FIELD_MISSING",
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "FIELD_INTEGRITY_EXCEPTION",
        "INSUFFICIENT_ACCESS",
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        "INVALID_PERSON_ACCOUNT_OPERATION",
        "CANNOT_EXECUTE_FLOW_TRIGGER",
        "ENTITY_IS_LOCKED",
        "NOT_FOUND",
        "NEVER_HEARD_OF",
    ],
)
def test_the_rest_is_for_a_person_in_salesforces_words(code: str) -> None:
    assert learnt(judged(UPDATE, code, "The admin's own text")) == OWN_LEFT_OUT
    assert learnt(judged(NEW_LEAD, code, "", ("Company", "Source__c"))) == OWN_LEFT_OUT
    assert judged(REOPEN, code).verdict is Verdict.ATTENTION
    verdict = judged(NEW_LEAD, code, "The admin's own text", ("Company",))
    assert verdict.verdict is Verdict.ATTENTION
    assert verdict.reason.code == "salesforce.refused"
    assert verdict.reason.params == {
        "code": code,
        "message": "The admin's own text",
        "fields": "Company",
    }


def test_what_passes_is_later() -> None:
    text = "LeadTrigger: caused by UNABLE_TO_LOCK_ROW"
    assert judged(TASK, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", text).verdict is Verdict.LATER
    assert judged(TASK, "UNKNOWN_EXCEPTION").verdict is Verdict.LATER


def test_a_record_gone_within_the_transaction_that_creates_it_needs_a_person() -> None:
    step = Update("lead2", "Lead", Ref("lead1"), {"Rating": "Hot"})
    assert judged(step, "ENTITY_IS_DELETED").verdict is Verdict.ATTENTION


def test_a_duplicate_that_hides_its_field_and_its_record_is_looked_for_first() -> None:
    message = "duplicate value found: <unknown> duplicates value on record with id: <unknown>"
    verdict = judged(TASK, "DUPLICATE_VALUE", message)
    assert (verdict.verdict, verdict.unanswered) == (Verdict.AGAIN, True)
    assert judged(PLAIN_LEAD, "DUPLICATE_VALUE", message).verdict is Verdict.ATTENTION


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (NEW_TASK, "Task.WhoId"),
        (Create("task1", "Task", {"WhoId": CONTACT, "WhatId": Ref("deal1")}), "Task.WhatId"),
        (Update("lead2", "Lead", Ref("lead1"), {"Status": "New"}), "Lead.Id"),
    ],
)
@pytest.mark.parametrize(
    "code", ["INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "INSUFFICIENT_ACCESS_OR_READONLY"]
)
def test_a_record_that_was_given_away_too_early(step: Step, field: str, code: str) -> None:
    assert learnt(judged(step, code)) == Lessons(lost_sight=frozenset({field}))


def test_an_existing_record_that_is_hidden_is_a_persons_matter() -> None:
    code = "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
    for step in (TASK, DEAL_TASK, REOPEN):
        assert judged(step, code).verdict is Verdict.ATTENTION


def test_a_record_that_may_not_be_given_away_stays_ours() -> None:
    give = Update("give", "Lead", Ref("lead1"), {"OwnerId": USER}, is_last=True)
    lesson = Lessons(leave_out=frozenset({"Lead.OwnerId"}))
    assert learnt(judged(give, "INSUFFICIENT_ACCESS_OR_READONLY")) == lesson
    assert learnt(judged(give, "FIELD_CUSTOM_VALIDATION_EXCEPTION")) == lesson
    assert learnt(judged(give, "DUPLICATES_DETECTED")) == lesson
    inactive = judged(give, "INACTIVE_OWNER_OR_USER", f"inactive user [{USER}]")
    assert learnt(inactive) == Lessons(not_owner=frozenset({USER}))


BESIDE = replace(TASK, step="tell_owner_1", beside=True)
DONE_WITHOUT = Lessons(avoid=frozenset({"tell_owner_1"}))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION", "no such tasks"),
        ("REQUIRED_FIELD_MISSING", "Required fields are missing: [Why__c]"),
        ("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights"),
        ("DUPLICATE_VALUE", same_call("00T000000000001AAA")),
        ("DUPLICATE_VALUE", "duplicate value found: <unknown> duplicates value on record"),
    ],
)
def test_a_new_record_beside_the_call_is_done_without(code: str, message: str) -> None:
    judgement = judged(BESIDE, code, message)
    assert learnt(judgement) == DONE_WITHOUT
    assert not judgement.unanswered


def test_what_can_be_mended_of_it_is_mended_first() -> None:
    owner = judged(BESIDE, "INACTIVE_OWNER_OR_USER", "owner is inactive", ("OwnerId",))
    assert learnt(owner) == Lessons(not_owner=frozenset({USER}))
    gone = judged(BESIDE, "ENTITY_IS_DELETED", "entity is deleted", ("WhoId",))
    assert learnt(gone) == Lessons(avoid=frozenset({LEAD}))


def test_what_passes_is_waited_for_beside_a_call_too() -> None:
    assert judged(BESIDE, "UNABLE_TO_LOCK_ROW").verdict is Verdict.LATER
