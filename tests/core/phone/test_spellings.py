"""Every usual spelling of every country's numbers is found, and no other number is."""

import re
import sys

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from core import phone

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
TYPES = [t for t in vars(PhoneNumberType).values() if isinstance(t, int) and t not in (-1, 99)]


def examples(region: str) -> list[PhoneNumber]:
    """The library's own example numbers of a region: fixed, mobile, toll-free and the others."""
    found = (phonenumbers.example_number_for_type(region, kind) for kind in TYPES)
    return [n for n in found if n and phonenumbers.is_valid_number(n)]


EXAMPLES = [(region, number) for region in REGIONS for number in examples(region)]


def e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def spellings_abroad(number: PhoneNumber) -> list[str]:
    """Ways to write a number that say which country it belongs to."""
    plain = e164(number)
    code, rest = f"+{number.country_code}", plain[len(str(number.country_code)) + 1 :]
    international = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return [
        plain,
        international,
        international.replace(" ", "-"),
        international.replace(" ", "."),
        f"tel:{plain}",
        f"{plain} ext. 12",
        f"{international} доб. 345",
        f"моб. {international} (Іван)",
        f"({code}) {rest}",
    ]


def spellings_at_home(number: PhoneNumber, region: str) -> list[str]:
    """Ways to write a number that only make sense in its own country."""
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return [
        national,
        re.sub(r"\D", "", national),
        national.replace(" ", "-"),
        f"{national} ext 7",
        f"{national} / {national}",
        e164(number)[1:],
    ]


def like(pattern: str, value: str) -> bool:
    """SOQL LIKE: `%` stands for any run of characters."""
    return re.fullmatch(pattern.replace("%", ".*"), value, re.DOTALL) is not None


def found(number: str, stored: str, region: str) -> bool:
    """What the product does: the query's pattern, then the check."""
    return any(like(p, stored) for p in phone.soql_patterns(number, region)) and phone.matches(
        stored, number, region
    )


@pytest.mark.parametrize("region", REGIONS)
def test_every_example_is_found_in_every_spelling(region):
    missed = [
        (stored, e164(number))
        for number in examples(region)
        for stored in spellings_abroad(number) + spellings_at_home(number, region)
        if not found(e164(number), stored, region)
    ]
    assert missed == []


@settings(max_examples=300)
@given(st.sampled_from(EXAMPLES), st.sampled_from(REGIONS))
def test_a_foreign_number_is_found_in_every_spelling_that_names_its_country(example, home):
    _, number = example
    for stored in spellings_abroad(number):
        assert found(e164(number), stored, home)
    assert phone.matches("00" + e164(number)[1:], e164(number), "UA")


@pytest.mark.parametrize("region", REGIONS)
def test_different_numbers_never_match(region):
    """What is read from a spelling is its number and none besides."""
    wrong = [
        (stored, read)
        for number in examples(region)
        for stored in spellings_abroad(number) + spellings_at_home(number, region)
        if (read := set(phone.numbers_in(stored, region))) != {e164(number)}
    ]
    assert wrong == []


@settings(max_examples=300)
@given(st.sampled_from(EXAMPLES), st.integers(0, 9), st.integers(1, 9))
def test_one_digit_off_never_matches(example, place, step):
    region, number = example
    right = e164(number)
    spot = len(right) - 1 - place % (len(right) - 4)
    wrong = right[:spot] + str((int(right[spot]) + step) % 10) + right[spot + 1 :]
    for stored in spellings_abroad(number) + spellings_at_home(number, region):
        assert not phone.matches(stored, wrong, region)


def with_a_trunk_zero(number: PhoneNumber) -> list[str]:
    """As people write it who dial a zero at home."""
    code, rest = str(number.country_code), e164(number)[1 + len(str(number.country_code)) :]
    return [f"+{code} (0){rest}", f"+{code} 0{rest}", f"+{code}0{rest}", f"00{code} (0) {rest}"]


@pytest.mark.parametrize("home", ["UA", "DE", "GB", "MD", "PL", "KZ", "IT"])
def test_a_trunk_zero_behind_the_country_code_makes_no_home_number(home):
    """Most are read as what they mean; the others are numbers of their own with the zero."""
    numbers = {e164(number): number for _, number in EXAMPLES}
    spelled = [(right, one) for right, n in numbers.items() for one in with_a_trunk_zero(n)]
    read = [(right, stored, phone.numbers_in(stored, home)) for right, stored in spelled]
    meant = [one for one in read if one[2] == (one[0],)]
    literal = [one for one in read if one not in meant and one[2] == (as_it_stands(one[1]),)]
    unread = [one for one in read if not one[2]]
    counts = f"{home}: {len(meant)} as meant, {len(literal)} as they stand, {len(unread)} unread"
    sys.stdout.write(counts + "\n")  # `pytest -rP` shows it
    assert len(meant) + len(literal) + len(unread) == len(read)
    assert len(meant) >= 0.95 * len(read)


def as_it_stands(stored: str) -> str:
    return "+" + re.sub(r"\D", "", stored).removeprefix("00")


HOMES = ["UA", "RU", "KZ", "BY", "UZ", "PL", "DE", "IT", "US", "MX", "AR", "GB", "JP"]


@pytest.mark.parametrize("home", HOMES)
def test_telephony_reads_every_country_without_a_plus(home):
    """Whatever the digits would mean at home: `84912345678` is Vietnam in Kazakhstan too."""
    sent = {e164(number)[1:]: e164(number) for _, number in EXAMPLES}
    assert {digits: phone.e164(digits, home) for digits in sent} == sent


def test_patterns_hold_digits_and_wildcards_only():
    for region, number in EXAMPLES:
        for pattern in phone.soql_patterns(e164(number), region):
            assert re.fullmatch(r"%(\d%)+", pattern)
