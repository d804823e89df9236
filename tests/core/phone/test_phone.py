"""Numbers as telephony sends them and as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import phone
from tests.core.phone.test_spellings import found

NUMBER = "+380505557182"


@pytest.mark.parametrize(
    ("raw", "region", "expected"),
    [
        ("380505557182", "UA", NUMBER),
        ("+380505557182", "UA", NUMBER),
        ("00380505557182", "UA", NUMBER),
        ("0505557182", "UA", NUMBER),
        ("505557182", "UA", NUMBER),
        ("80505557182", "UA", NUMBER),
        ("380505557182", "DE", NUMBER),
        ("380505557182", "US", NUMBER),
        ("48601234567", "UA", "+48601234567"),
        ("014155552671", "UA", None),
        ("4155552671", "US", "+14155552671"),
        ("14155552671", "UA", "+14155552671"),
        ("393331234567", "IT", "+393331234567"),
        ("5215512345678", "UA", "+525512345678"),
        ("380505557182@sip.example.com", "UA", NUMBER),
        ("", "UA", None),
        ("   ", "UA", None),
        ("anonymous", "UA", None),
        ("Unknown", "UA", None),
        ("withheld 1", "UA", None),
        ("2000", "UA", None),
        ("101", "UA", None),
        ("112", "UA", None),
        ("5557182", "UA", None),
        ("5551234", "US", None),
        ("84912345678", "KZ", "+84912345678"),
        ("84912345678", "RU", "+84912345678"),
        ("12015550123", "MX", "+12015550123"),
        ("8222123456", "BY", "+8222123456"),
        ("810380505557182", "UA", NUMBER),
        ("810380505557182", "BY", NUMBER),
        ("0", "UA", None),
        ("+", "UA", None),
        ("1" * 40, "UA", None),
        ("9" * 100_000, "UA", None),
        ("²²²", "UA", None),
        ("site.ua", "UA", None),
    ],
)
def test_telephony_number_in_one_form(raw, region, expected):
    assert phone.e164(raw, region) == expected


TYPED = [
    "+380505557182",
    "380505557182",
    "+38 (050) 555-71-82",
    "+380 (50) 555 71 82",
    "+380 (0)50 555 71 82",
    "(050) 555-71-82",
    "050 555 71 82",
    "050.555.71.82",
    "0505557182",
    "505557182",
    "8 (050) 555-71-82",
    "80505557182",
    "00 380 50 555 71 82",
    "tel: +380505557182",
    "моб. 050 555 71 82",
    "050 555 71 82 (Ivan)",
    "0505557182 Ivan",
    "0505557182 доб. 12",
    "0505557182 ext 1234",
    "0505557182x12",
    "0505557182 #12",
    "0671112233, 0505557182",
    "0671112233/0505557182",
    "0671112233; +380505557182",
    "067 111 22 33 050 555 71 82",
    "0505557182 0671112233",
    "(050) 555-71-82  (067) 111-22-33",
    "380671112233\n380505557182",
    "+380–50–555–71–82",
    "+380\u00a050\u00a0555\u00a071\u00a082",
    *(f"050{dash}555{dash}71{dash}82" for dash in "\u2010\u2011\u2012\u2015\u2212\u00ad\u200b"),
    "0505557182 0671112233 0931112233",
    "0671112233 0505557182 0931112233",
    "067 111 22 33 093 111 22 33 050 555 71 82",
    "0671112233-0505557182",
    "0505557182 (2)",
    "+380505557182-2",
    "505557182 (2)",
    "1) 0505557182 2) 0671112233",
    "1) 0671112233 2) 050 555 71 82",
    "050 5557182 24/7",
    "050 555 71 82 (10-19)",
    "код 1234 0505557182",
    "810380505557182",
    "8 10 380 50 555 71 82",
]


@pytest.mark.parametrize("stored", TYPED)
def test_whatever_a_person_types_is_found(stored):
    assert found(NUMBER, stored, "UA")


@pytest.mark.parametrize(
    ("number", "stored", "region"),
    [
        ("+5491123456789", "011 15-2345-6789", "AR"),
        ("+5491123456789", "+54 9 11 2345-6789", "UA"),
        ("+5491123456789", "+54 11 15 2345 6789", "AR"),
        ("+525512345678", "+52 1 55 1234 5678", "MX"),
        ("+525512345678", "044 55 1234 5678", "MX"),
        ("+525512345678", "55 1234 5678", "MX"),
        ("+39066981234", "06 698 1234", "IT"),
        ("+39066981234", "+39 06 698 1234", "UA"),
        ("+12684601234", "460 1234", "AG"),
        ("+74951234567", "8 (495) 123-45-67", "RU"),
        ("+14155552671", "(415) 555-2671", "US"),
        ("+4930123456", "030/123456", "DE"),
        ("+443031234567", "0303 123 4567", "GB"),
    ],
)
def test_habits_of_other_countries(number, stored, region):
    assert found(number, stored, region)


@pytest.mark.parametrize(
    ("number", "stored", "region"),
    [
        ("+48505557182", "050 555 71 82", "UA"),
        ("+380505557182", "+48 505 557 182", "UA"),
        ("+380505557182", "505 557 182", "PL"),
        ("+41555552671", "(415) 555-2671", "US"),
        ("+41555552671", "(415) 555-2671", "UA"),
        ("+3544111234", "(354) 411-1234", "UA"),
        ("+380505557182", "+380505557183", "UA"),
        ("+380505557182", "", "UA"),
        ("+380505557182", "n/a", "UA"),
        ("+687123456", "687123456", "UA"),
        ("+380505557182", "8067111223305055571820", "UA"),
        ("+380505557182", "067 111 22 33 050 555 71 83", "UA"),
        ("+380505557182", "44 505 557 182", "UA"),
        ("+380505557182", "12345 0505557182", "UA"),
        ("+380505557182", "505 557 182 44", "UA"),
        ("+3805557182", "555-71-82", "UA"),
        ("+15551234", "555-1234", "US"),
    ],
)
def test_another_countrys_or_anothers_number_is_not_taken_for_it(number, stored, region):
    assert not phone.matches(stored, number, region)


def test_patterns_are_selective():
    assert phone.soql_patterns(NUMBER, "UA") == ("%5%0%5%5%5%7%1%8%2%",)
    assert phone.soql_patterns("+5491123456789", "AR") == ("%1%1%2%3%4%5%6%7%8%9%",)
    assert phone.soql_patterns("' OR Name != '", "UA") == ()


def test_numbers_for_people():
    assert phone.display(NUMBER, "UA") == "+380 50 555 7182"
    assert phone.display("0505557182", "UA") == "+380 50 555 7182"
    assert phone.display("site.ua", "UA") == "site.ua"


@given(st.text(), st.sampled_from(["UA", "US", "DE", "IT", "ZZ", ""]))
def test_no_text_breaks_the_reader(text, region):
    number = phone.e164(text, region)
    assert number is None or number.startswith("+")
    assert phone.matches(text, NUMBER, region) in (True, False)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("380505557182", "+380505557182"),
        ("0505557182", "+380505557182"),
        ("anonymous", "anonymous"),
        ("", ""),
        ("2001", "2001"),
        ("+12", "12"),  # a plus says that it is a number
    ],
)
def test_the_ledger_keeps_a_plus_only_where_there_is_a_number(sent, kept):
    assert phone.client_number(sent, "UA") == kept
