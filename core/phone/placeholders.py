"""Digits that stand for "withheld": whoever sends them has no number, so they are no client's.

Asked only of a number that no known range holds (`digits.unlisted`): a golden number that a country
gives out, such as +7 777 777 7777, is somebody's.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType, national_significant_number

_ON_A_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_WORDS = frozenset(
    word.translate(_ON_A_KEYPAD)
    for word in (
        "ANONYMOUS",
        "BLOCKED",
        "NONUMBER",
        "NOTAVAILABLE",
        "PRIVATE",
        "PRIVATENUMBER",
        "RESTRICTED",
        "UNAVAILABLE",
        "UNKNOWN",
        "WITHHELD",
    )
)
_LONG = 6
"""So many digits in a row are no chance."""


def stands_for_nobody(digits: str, number: PhoneNumber) -> bool:
    """Whether the digits as sent, or the national part of the number read from them, are no
    subscriber's: all the same, counting up or down, a word on a keypad, or a zero first where no
    number of the country has one."""
    national = national_significant_number(number)
    if national.startswith("0") and not _has_zero_first(number.country_code or 0):
        return True
    said = [digits.lstrip("0"), national]
    said += [digits[size:] for size in (1, 2, 3) if len(digits) - size >= _LONG]  # behind a code
    return any(_is_row(one) or is_word(one) for one in said)


def is_word(digits: str) -> bool:
    """Whether they spell on a keypad that there is no number."""
    return digits in _WORDS


@cache
def _has_zero_first(country_code: int) -> bool:
    """As in Italy; told by the library's example numbers of the country."""
    examples = (
        phonenumbers.example_number_for_type(region, kind)
        for region in phonenumbers.region_codes_for_country_code(country_code)
        for kind in PhoneNumberType.values()
    )
    return any(one and national_significant_number(one).startswith("0") for one in examples)


def _is_row(digits: str) -> bool:
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    return steps in (set(), {0}, {1}, {9})
