"""Telephone numbers in one form, whoever wrote them down.

Two kinds of writing meet here. *Telephony* sends digits without a plus, in international form
(`380505557182`), now and then a national one. *People* type anything into a Salesforce field:
`(050) 555-71-82`, `+380 (0)50…`, `8 050…`, two numbers in one field, an extension. Both are read
with Google's phonenumbers and compared as E.164 (`+380505557182`).

Why the search uses LIKE patterns: docs/decisions/0001-finding-a-number.md.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberFormat

_EXTENSION = re.compile(
    r"(?:;?\s*ext\w*|\bx|(?<=\d)x|доб\w*|дод\w*|внутр\w*|вн|#|~)\s*[.:=]?\s*\d{1,7}\b",
    re.IGNORECASE,
)
_SEGMENT = re.compile(r"\(?\s*\+?\s*\(?\s*\d[\d\s().\-/\\–—·•_'’]*")
_LONGEST = 200
"""Characters of a text that are looked at; a Salesforce phone field holds 40."""
_MOST_DIGITS = 15
"""E.164 has no longer numbers."""
_BARE_NATIONAL = 11
"""A person who typed at most so many digits, without plus or trunk prefix, meant a national one."""
_FEWEST_UNLISTED = 7
"""A number range that phonenumbers does not list is believed from so many digits on."""
_OLD_MEXICO = re.compile(r"^(?:1|01|044|045)(\d{10})$")


def e164(raw: str, region: str) -> str | None:
    """A number as telephony sent it → E.164 (`+380505557182`); None when withheld or no number.

    Bare digits are read as international first, because telephony sends them so; `region`
    (ISO 3166, e.g. `UA`) makes sense of national ones. Short and internal numbers are None.
    """
    return next(iter(_numbers(raw, region, typed=False)), None)


def matches(stored: str, number: str, region: str) -> bool:
    """Whether a field that a person typed holds this E.164 number, perhaps among others."""
    return number in _numbers(stored, region, typed=True)


@lru_cache(maxsize=4096)
def display(number: str, region: str) -> str:
    """A number for people: `+380 50 555 7182`; what is no number comes back as it is."""
    parsed = _parse(number, region)
    if parsed is None:
        return number
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


def soql_patterns(number: str, region: str) -> tuple[str, ...]:
    """SOQL LIKE patterns (digits and `%` only) which every usual spelling of the number fits.

    They let too much through (a pattern cannot count digits); `matches` decides.
    """
    parsed = _parse(number, None)
    if parsed is None:
        return ()
    digits = phonenumbers.national_significant_number(parsed)
    return ("%" + "%".join(_always_written(parsed, digits, region)) + "%",)


def _always_written(parsed: PhoneNumber, digits: str, region: str) -> str:
    """The digits that no spelling leaves out.

    At home some digits may be missing or moved: Argentina writes the mobile `9` as `15` after
    the area code, small islands leave their area code out.
    """
    home, country = region.upper(), parsed.country_code or 0
    if phonenumbers.country_code_for_region(home) != country:
        home = phonenumbers.region_code_for_country_code(country)
    metadata = PhoneMetadata.metadata_for_region(home, None)
    rule = (metadata and metadata.national_prefix_transform_rule) or ""
    added = rule.partition("\\")[0]
    return digits.removeprefix(added) if added.isdigit() else digits


def _numbers(raw: str, region: str, *, typed: bool) -> tuple[str, ...]:
    return _remembered(raw[:_LONGEST], region.upper(), typed)


@lru_cache(maxsize=16_384)  # a batch compares each stored number with each call's
def _remembered(raw: str, region: str, typed: bool) -> tuple[str, ...]:
    text = unicodedata.normalize("NFKC", raw)
    segments = _SEGMENT.findall(_EXTENSION.sub(" , ", text))
    return tuple(
        number
        for segment in segments
        for one in _single_numbers(segment, region, typed=typed)
        for number in _read(one, region, typed=typed)
    )


def _single_numbers(segment: str, region: str, *, typed: bool) -> list[str]:
    """`050 555 71 82 044 123 45 67` is too long for one number: it is cut at the one space where
    two make sense."""
    if sum(c.isdigit() for c in segment) <= _MOST_DIGITS or re.search(r"[/\\]", segment):
        return [segment]
    cuts = [[segment[: gap.start()], segment[gap.end() :]] for gap in re.finditer(r"\s+", segment)]
    sensible = [cut for cut in cuts if all(_makes_sense(one, region, typed=typed) for one in cut)]
    return sensible[0] if len(sensible) == 1 else [segment]


def _makes_sense(text: str, region: str, *, typed: bool) -> bool:
    readings = _readings(text, region, typed=typed) if re.search(r"\d", text) else []
    return any(number and phonenumbers.is_valid_number(number) for number in readings)


def _read(segment: str, region: str, *, typed: bool) -> list[str]:
    """The numbers in a run of digits and punctuation; mostly one.

    `030/123456` is one number, `0501112233/0671112233` are two.
    """
    parts = re.split(r"[/\\]", segment)
    meanings = [
        [number for number in _readings(text, region, typed=typed) if number]
        for text in ([segment, *parts] if len(parts) > 1 else parts)
    ]
    # A range newer than our tables is better believed than lost, when nothing listed fits.
    for believed in (phonenumbers.is_valid_number, _could_be):
        found = [next(filter(believed, numbers), None) for numbers in meanings]
        whole, split = found[:1], found[1:]
        chosen = split if split and (all(split) or not any(whole)) else whole
        if any(chosen):
            return [_format(number) for number in chosen if number]
    return []


def _readings(segment: str, region: str, *, typed: bool) -> list[PhoneNumber | None]:
    """What a run of digits may mean, the likeliest first."""
    digits = "".join(str(unicodedata.digit(c)) for c in segment if c.isdigit())
    if "+" in segment and not digits.startswith("0"):
        return [_parse("+" + digits, None)]
    if region == "UA" and re.fullmatch(r"80\d{9}", digits):  # the old trunk prefix, 8
        digits = digits[1:]
    local = _parse(digits, region)
    abroad = None if digits.startswith("0") else _parse("+" + digits, None)
    if segment.lstrip().startswith("("):  # an area code: nobody brackets a bare country code
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


def _parse(text: str, region: str | None) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    national = phonenumbers.national_significant_number(number)
    if number.country_code == 52 and (found := _OLD_MEXICO.match(national)):
        # Mexico dropped these prefixes in 2019; contacts saved before still carry them.
        return PhoneNumber(country_code=52, national_number=int(found[1]))
    return number


def _could_be(number: PhoneNumber) -> bool:
    national = phonenumbers.national_significant_number(number)
    return len(national) >= _FEWEST_UNLISTED and phonenumbers.is_possible_number(number)


def _format(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
