"""What the digits of one number may mean: which country's number, the likeliest first.

`typed` means by a person; else they are telephony's, which sends them in international form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberFormat,
    ValidationResult,
)

from core.phone.placeholders import stands_for_nobody
from core.phone.plans import as_today, without_trunk_zero

_BARE_NATIONAL = 11
"""A person who typed at most so many digits, without plus or trunk prefix, meant a national one."""
FEWEST_UNLISTED = 7
"""A number range that phonenumbers does not list is believed from so many digits on."""
_COUNTRY_CODES = frozenset(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
_CODES_OF_COUNTRIES = frozenset(
    str(code)
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()
    if regions[0] in phonenumbers.SUPPORTED_REGIONS
)
"""The others are a service's, such as 870 (satellites) and 800."""
_ZERO_IN_BRACKETS = re.compile(r"\W*([1-9]\d{0,2})\W*\(\s*0\s*\)")
_CODE_TWICE = re.compile(r"\W*\+\W*(\d{1,3})\W+(?:00\W*)?\1")
"""`+380 380505557182`, and `+38 380…`."""
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
    found = list(filter(_could_be, _readings(text, region, typed=typed)))
    digits = digits_of(text)
    return None if any(stands_for_nobody(digits, number) for number in found) else _first(found)


def announces_itself(text: str, number: str) -> bool:
    """Whether a prefix (plus, country code, trunk) says where the number begins."""
    parsed = parse(number, None)
    return parsed is not None and (
        "+" in text or phonenumbers.national_significant_number(parsed) != digits_of(text)
    )


def parse(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return as_today(phonenumbers.parse(text, region))
    except NumberParseException:
        return None


def names_its_country(text: str, region: str) -> bool:
    """Whether a run of digits says by its beginning which country's number it is."""
    return bool(_international(text, digits_of(text), region))


def _first(numbers: Iterable[PhoneNumber]) -> str | None:
    number = next(iter(numbers), None)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else None


def _readings(text: str, region: str, *, typed: bool) -> list[PhoneNumber]:
    digits = digits_of(text)
    candidates = _candidates(text, digits, region, typed=typed) if digits else []
    return [number for number in candidates if number is not None]


def _candidates(text: str, digits: str, region: str, *, typed: bool) -> list[PhoneNumber | None]:
    said = [parse("+" + one, None) for one in _international(text, digits, region)]
    abroad: list[PhoneNumber | None] = [without_trunk_zero(one) for one in said if one]
    if "+" in text:
        return [*_plus_by_mistake(digits, region), *abroad]
    if abroad and digits.startswith("810"):  # or Japan's 81 and a zero
        return [*abroad, *_unprefixed(text, digits, region, typed=typed)]
    return abroad or _unprefixed(text, digits, region, typed=typed)


def _plus_by_mistake(digits: str, region: str) -> list[PhoneNumber]:
    """A national number behind a plus: no country has the code, and a trunk prefix says so."""
    local = parse(digits, region)
    if local is None or _country_code(digits) in _CODES_OF_COUNTRIES:
        return []
    return [local] if phonenumbers.national_significant_number(local) != digits else []


def _international(text: str, digits: str, region: str) -> list[str]:
    """The digits from the country code on, where a plus, a prefix for dialling abroad, or a trunk
    zero in brackets behind a country code says that they begin with one. Mostly one reading."""
    zero, twice = _ZERO_IN_BRACKETS.match(text), _CODE_TWICE.match(text)
    if "+" in text and digits[:1] != "0":
        found = [digits, *([digits_of(text[twice.end(1) :]).removeprefix("00")] if twice else [])]
    elif zero and _country_code(zero[1]) == zero[1]:
        found = [digits]
    else:
        prefixes = (re.match(prefix, digits) for prefix in _dialled_abroad(region))
        found = [digits[prefix.end() :] for prefix in prefixes if prefix]
    return [one for one in found if _country_code(one)]


def _dialled_abroad(region: str) -> list[str]:
    """The country's own prefixes, one of its past, and the one that everybody knows."""
    metadata = PhoneMetadata.metadata_for_region(region, None)
    own = metadata.international_prefix if metadata else None
    past = "810" if region in _ONCE_EIGHT_TEN else None
    return [prefix for prefix in (own, past, "00") if prefix]


def _country_code(digits: str) -> str:
    """The country code that digits begin with; empty when there is none such."""
    codes = (digits[:size] for size in (1, 2, 3))
    return next((code for code in codes if code in _COUNTRY_CODES), "")


def _unprefixed(text: str, digits: str, region: str, *, typed: bool) -> list[PhoneNumber | None]:
    abroad = None if digits.startswith("0") else parse("+" + digits, None)
    bracketed = text.lstrip().startswith("(")  # an area code: nobody brackets a country code
    if not typed and not bracketed and abroad and phonenumbers.is_valid_number(abroad):
        return [abroad]  # telephony's usual form, whatever its digits say at home
    local = parse(digits, region)
    if bracketed:
        return [local]
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
    return len(national) >= FEWEST_UNLISTED and possible == ValidationResult.IS_POSSIBLE
