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
from collections.abc import Iterable
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberFormat

from core.phone.digits import digits_of, parse
from core.phone.placeholders import is_word
from core.phone.plans import lasting_digits
from core.phone.runs import read_run

_EXTENSION = re.compile(
    r"(?:;?\s*ext\w*|\bx|(?<=\d)x|доб\w*|дод\w*|внутр\w*|вн|#|~)\s*[.:=]?\s*\d{1,7}\b",
    re.IGNORECASE,
)
_LIST_MARK = re.compile(r"(\([^()]*\))|(?:^|(?<=[\s,;]))[1-9]\)")
"""`1) 0505557182 2) 0671112233`; with a bracket before it, it is none: `(06 1) 234 5678`."""
_RUN = re.compile(r"\(?\s*\+?\s*\(?\s*\d[\d\s().\-/\\·•_'’]*")
_CODE_ALONE = re.compile(r"\W*\+\W*\d{1,3}\W*")
_CONTEXT = re.compile(r"([^;]*);phone-context=(\+[\d.-]+)", re.IGNORECASE)
"""RFC 3966: `tel:0612345678;phone-context=+34`."""
_LONGEST = 200
"""Characters of a text that are looked at; a Salesforce phone field holds 40."""


def e164(raw: str, region: str) -> str | None:
    """A number as telephony sent it → E.164 (`+380505557182`); None when withheld or no number.

    Bare digits are read as international first, because telephony sends them so; `region`
    (ISO 3166, e.g. `UA`) makes sense of national ones. Short and internal numbers are None.
    """
    if is_word(digits_of(raw)):
        return None
    return next(iter(_numbers(raw, region, typed=False)), None)


def client_number(sent: str, region: str) -> str:
    """A call's client number as the ledger keeps it: E.164, which begins with a plus; what is no
    number stays as telephony sent it, without one."""
    return e164(sent, region) or sent.lstrip("+")


def matches(stored: str, number: str, region: str) -> bool:
    """Whether a field that a person typed holds this E.164 number, perhaps among others."""
    return number in numbers_in(stored, region)


def numbers_in(stored: str, region: str) -> tuple[str, ...]:
    """Every number in a field that a person typed, in E.164, in their order."""
    return _numbers(stored, region, typed=True)


@lru_cache(maxsize=4096)
def display(number: str, region: str) -> str:
    """A number for people: `+380 50 555 7182`; what is no number comes back as it is."""
    parsed = parse(number, region)
    if parsed is None:
        return number
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


def soql_patterns(number: str, region: str) -> tuple[str, ...]:
    """SOQL LIKE patterns (digits and `%` only) which every usual spelling of the number fits.

    They let too much through (a pattern cannot count digits); `matches` decides.
    """
    parsed = parse(number, None)
    if parsed is None:
        return ()
    return ("%" + "%".join(_always_written(parsed, region)) + "%",)


def _always_written(parsed: PhoneNumber, region: str) -> str:
    """The digits that no spelling leaves out, one from before a change of the plan included.

    At home some digits may be missing or moved: Argentina writes the mobile `9` as `15` after
    the area code, small islands leave their area code out.
    """
    home, country = region.upper(), parsed.country_code or 0
    if phonenumbers.country_code_for_region(home) != country:
        home = phonenumbers.region_code_for_country_code(country)
    metadata = PhoneMetadata.metadata_for_region(home, None)
    rule = (metadata and metadata.national_prefix_transform_rule) or ""
    added, digits = rule.partition("\\")[0], lasting_digits(parsed)
    return digits.removeprefix(added) if added.isdigit() else digits


def _numbers(raw: str, region: str, *, typed: bool) -> tuple[str, ...]:
    return _remembered(raw[:_LONGEST], region.upper(), typed)


@lru_cache(maxsize=16_384)  # a batch compares each stored number with each call's
def _remembered(raw: str, region: str, typed: bool) -> tuple[str, ...]:
    text = _LIST_MARK.sub(lambda mark: mark[1] or " , ", _EXTENSION.sub(" , ", _plain(raw)))
    runs = _joined(_RUN.findall(text))
    return tuple(number for run in runs for number in read_run(run, region, typed=typed))


def _joined(runs: Iterable[str]) -> list[str]:
    """A country code by itself belongs to what follows: `+44 (UK) 07911 123456`."""
    joined: list[str] = []
    for run in runs:
        if joined and _CODE_ALONE.fullmatch(joined[-1]) and "+" not in run:
            run = joined.pop() + run
        joined.append(run)
    return joined


def _plain(raw: str) -> str:
    """Every dash is a hyphen, and what is not seen (soft hyphens, marks of direction) is gone."""
    text = _CONTEXT.sub(r"\2 \1", unicodedata.normalize("NFKC", raw))
    dashed = ("-" if c == "\N{MINUS SIGN}" or unicodedata.category(c) == "Pd" else c for c in text)
    return "".join(c for c in dashed if unicodedata.category(c) != "Cf")
