"""What the digits of one number may mean: which country's number, the likeliest first.

`typed` means by a person; else they are telephony's, which sends them in international form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberFormat,
    ValidationResult,
)

_BARE_NATIONAL = 11
"""A person who typed at most so many digits, without plus or trunk prefix, meant a national one."""
_FEWEST_UNLISTED = 7
"""A number range that phonenumbers does not list is believed from so many digits on."""
_OLD_MEXICO = re.compile(r"^(?:1|01|044|045)(\d{10})$")
_ONCE_EIGHT_TEN = frozenset({"AM", "AZ", "GE", "KG", "MD", "UA", "UZ"})
"""Here one dialled abroad with 8~10 once. Of those who still do, phonenumbers knows."""


def digits_of(text: str) -> str:
    return "".join(str(unicodedata.digit(c)) for c in text if c.isdigit())


def listed(text: str, region: str, *, typed: bool) -> str | None:
    """The likeliest reading that lies in a number range known to phonenumbers, in E.164."""
    found = _readings(text, region, typed=typed)
    return _first(filter(phonenumbers.is_valid_number, found))


def unlisted(text: str, region: str, *, typed: bool) -> str | None:
    """The likeliest reading of a possible length: a range newer than our tables is better
    believed than lost. A local number without its area code is not one: it is many people's."""
    return _first(filter(_could_be, _readings(text, region, typed=typed)))


def announces_itself(text: str, number: str) -> bool:
    """Whether a prefix (plus, country code, trunk) says where the number begins."""
    parsed = parse(number, None)
    return parsed is not None and (
        "+" in text or phonenumbers.national_significant_number(parsed) != digits_of(text)
    )


def parse(text: str, region: str | None) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    national = phonenumbers.national_significant_number(number)
    if number.country_code == 52 and (found := _OLD_MEXICO.match(national)):
        # Mexico dropped these prefixes in 2019; contacts saved before still carry them.
        return PhoneNumber(country_code=52, national_number=int(found[1]))
    return number


def _first(numbers: Iterator[PhoneNumber]) -> str | None:
    number = next(numbers, None)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else None


def _readings(text: str, region: str, *, typed: bool) -> list[PhoneNumber]:
    digits = digits_of(text)
    candidates = _candidates(text, digits, region, typed=typed) if digits else []
    return [number for number in candidates if number is not None]


def _candidates(text: str, digits: str, region: str, *, typed: bool) -> list[PhoneNumber | None]:
    if "+" in text and not digits.startswith("0"):
        return [parse("+" + digits, None)]
    if region in _ONCE_EIGHT_TEN and digits.startswith("810"):
        return [parse("+" + digits[3:], None), *_unprefixed(text, digits, region, typed=typed)]
    if region == "UA" and re.fullmatch(r"80\d{9}", digits):  # the old trunk prefix, 8
        digits = digits[1:]
    return _unprefixed(text, digits, region, typed=typed)


def _unprefixed(text: str, digits: str, region: str, *, typed: bool) -> list[PhoneNumber | None]:
    local = parse(digits, region)
    abroad = None if digits.startswith("0") else parse("+" + digits, None)
    if text.lstrip().startswith("("):  # an area code: nobody brackets a bare country code
        return [local]
    if not typed and abroad is not None and phonenumbers.is_valid_number(abroad):
        return [abroad, local]  # telephony's usual form, whatever its digits say at home
    if local and phonenumbers.national_significant_number(local) != digits:
        return [local, abroad]  # it carried a trunk prefix or the country's own code
    if typed and _reads_as_national(digits, region):
        return [local, abroad]
    return [abroad, local]


def _reads_as_national(digits: str, region: str) -> bool:
    metadata = PhoneMetadata.metadata_for_region(region, None)
    if metadata is None or not metadata.national_prefix:
        return True
    own_code = str(metadata.country_code)
    return len(digits) <= _BARE_NATIONAL and not digits.startswith(own_code)


def _could_be(number: PhoneNumber) -> bool:
    national = phonenumbers.national_significant_number(number)
    possible = phonenumbers.is_possible_number_with_reason(number)
    return len(national) >= _FEWEST_UNLISTED and possible == ValidationResult.IS_POSSIBLE
