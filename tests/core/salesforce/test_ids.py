"""Ids of 15 characters and of 18."""

import pytest

from core.objects import LEAD, USER
from core.salesforce.ids import ids_in, is_id, to_18


@pytest.mark.parametrize("full", ["0031i000013x2TEAAY", "00Dxx0000001gPLEAY", "005xx000001SwiUAAS"])
def test_the_suffix_of_real_ids(full: str) -> None:
    assert to_18(full[:15]) == full
    assert to_18(full) == full


def test_ids_in_a_message() -> None:
    message = (
        "duplicate value found: UniTalk_Call_Id__c duplicates value on record with id:"
        " 0031i000013x2TE"
    )
    assert ids_in(message) == ("0031i000013x2TEAAY",)
    assert ids_in(message, LEAD) == ()
    assert ids_in("inactive user [005xx000001SwiU] as owner", USER) == ("005xx000001SwiUAAS",)
    assert ids_in("no authorizations here") == ()


def test_what_is_an_id() -> None:
    assert is_id("0031i000013x2TE")
    assert is_id("0031i000013x2TEAAY")
    for text in ("", "003", "0031i000013x2T'", "0031i000013x2TEAAYX", "0031i000013x2TEA"):
        assert not is_id(text)
