"""An account is done without where it cannot be had; nothing else is lost for it."""

import pytest

from core.facts import Lessons
from core.plan import Create, Verdict
from tests.core.salesforce.helpers.judging import judged, learnt

ACCOUNT = "001000000000001AAA"
USER = "005xx000001SwiUAAS"
NEW_CONTACT = Create("contact1", "Contact", {"LastName": "x", "AccountId": ACCOUNT})
NEW_ACCOUNT = Create("account1", "Account", {"Name": "+380 50", "OwnerId": USER})


@pytest.mark.parametrize(
    ("code", "message", "fields"),
    [
        ("ENTITY_IS_DELETED", "entity is deleted", ()),
        ("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", ("AccountId",)),
        ("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "no access", ("AccountId",)),
        ("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", f"no access: {ACCOUNT[:15]}", ()),
    ],
)
def test_an_account_that_is_gone_or_closed_to_us_is_done_without(code, message, fields) -> None:
    expected = Lessons(avoid=frozenset({ACCOUNT}))
    assert learnt(judged(NEW_CONTACT, code, message, fields)) == expected


@pytest.mark.parametrize(
    "code",
    [
        "INSUFFICIENT_ACCESS",
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "DUPLICATES_DETECTED",
        "REQUIRED_FIELD_MISSING",
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "INVALID_TYPE",
        "SOMETHING_NEW",
    ],
)
def test_an_account_that_is_not_taken_is_done_without(code: str) -> None:
    assert learnt(judged(NEW_ACCOUNT, code)) == Lessons(leave_out=frozenset({"Account.Name"}))


def test_an_account_whose_owner_is_inactive_gets_another() -> None:
    assert learnt(judged(NEW_ACCOUNT, "INACTIVE_OWNER_OR_USER")) == Lessons(
        not_owner=frozenset({USER})
    )


def test_an_account_that_is_locked_is_taken_later() -> None:
    assert judged(NEW_ACCOUNT, "UNABLE_TO_LOCK_ROW").verdict is Verdict.LATER
