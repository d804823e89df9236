"""A value never becomes part of the query."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.salesforce.soql import any_of, like, one_of, quote, select


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("plain", "'plain'"),
        ("O'Neil", r"'O\'Neil'"),
        ("back\\slash", r"'back\\slash'"),
        ("\\'", r"'\\\''"),
        ("' OR Id != '", r"'\' OR Id != \''"),
        ("two\nlines\r\t", r"'two\nlines\r\t'"),
        ('"quoted"', "'\"quoted\"'"),
        ("", "''"),
        ("Ґ", "'Ґ'"),
    ],
)
def test_quote(value: str, literal: str) -> None:
    assert quote(value) == literal


@given(st.text())
def test_a_literal_ends_only_at_its_end(value: str) -> None:
    assert re.fullmatch(r"'(?:[^'\\]|\\.)*'", quote(value), re.DOTALL)


def test_conditions() -> None:
    assert one_of("Id", {"b", "a"}) == "Id IN ('a','b')"
    assert like("Phone", "%5%5%") == "Phone LIKE '%5%5%'"
    assert any_of(["a = 1", "b = 2"]) == "(a = 1 OR b = 2)"
    assert select(("Id", "Name"), "Lead", "a = 1", "LIMIT 1") == (
        "SELECT Id, Name FROM Lead WHERE a = 1 LIMIT 1"
    )
