"""Numbering plans that changed: numbers that were saved before still carry the old form.

Sources: the countries' notices in the ITU's Operational Bulletin and their regulators: Brazil
2012-2016 (Anatel), Vietnam 2018 (MIC), Mexico 2019 (IFT), Côte d'Ivoire (ARTCI) and Colombia (CRC)
2021, Benin 2024 (ARCEP). Ukraine dialled an 8 before the zero until 2009. Argentina needs no row:
phonenumbers makes its `15` a `9`; ten digits with neither may be a fixed number, nobody can tell.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumber


class _Renumbered(NamedTuple):
    country_code: int
    old: str
    new: str
    """What becomes of the old form; both are national numbers."""
    lasting: str
    """The new form, its groups being the digits that the old one has, too."""


_VIETNAM = {
    "120": "70",
    "121": "79",
    "122": "77",
    "123": "83",
    "124": "84",
    "125": "85",
    "126": "76",
    "127": "81",
    "128": "78",
    "129": "82",
    **{f"16{last}": f"3{last}" for last in range(2, 10)},
    "186": "56",
    "188": "58",
    "199": "59",
}
_RENUMBERED = (
    _Renumbered(380, r"80(\d{9})", r"\1", r"(\d{9})"),
    _Renumbered(52, r"(?:1|01|044|045)(\d{10})", r"\1", r"(\d{10})"),
    _Renumbered(55, r"(\d\d)([6-9]\d{7})", r"\g<1>9\2", r"(\d\d)9([6-9]\d{7})"),
    _Renumbered(57, r"([1-8]\d{7})", r"60\1", r"60([1-8]\d{7})"),
    _Renumbered(225, r"([04-9][0-3]\d{6})", r"01\1", r"01(\d{8})"),
    _Renumbered(225, r"([04-9][4-6]\d{6})", r"05\1", r"05(\d{8})"),
    _Renumbered(225, r"([04-9][7-9]\d{6})", r"07\1", r"07(\d{8})"),
    _Renumbered(225, r"([23]\d8\d{5})", r"21\1", r"21(\d{8})"),
    _Renumbered(225, r"([23]\d0\d{5})", r"25\1", r"25(\d{8})"),
    _Renumbered(225, r"([23]\d[1-79]\d{5})", r"27\1", r"27(\d{8})"),
    _Renumbered(229, r"(\d{8})", r"01\1", r"01(\d{8})"),
    *(
        _Renumbered(84, rf"{old}(\d{{7}})", rf"{new}\1", rf"{new}(\d{{7}})")
        for old, new in _VIETNAM.items()
    ),
)


def as_today(number: PhoneNumber) -> PhoneNumber:
    """A number in its country's present form; as it is where that is none the tables know.

    A zero that one dials at home only is dropped, too: `+34 (0) 612 …`. Where a zero belongs, as in
    Italy, the number is valid with it.
    """
    if phonenumbers.is_valid_number(number):
        return number
    national = phonenumbers.national_significant_number(number)
    forms = [national, national[1:]] if national.startswith("0") else [national]
    renumbered = [
        _number(number, re.sub(f"^{row.old}$", row.new, form))
        for form in forms
        for row in _RENUMBERED
        if row.country_code == number.country_code and re.fullmatch(row.old, form)
    ]
    without_zero = [_number(number, form) for form in forms[1:]]
    return next(filter(phonenumbers.is_valid_number, without_zero + renumbered), number)


def without_trunk_zero(number: PhoneNumber) -> PhoneNumber:
    """For a number that names its country and is in no known range: without its first zero, if
    only then it is as long as numbers there are."""
    national = phonenumbers.national_significant_number(number)
    if not national.startswith("0") or phonenumbers.is_possible_number(number):
        return number
    shorter = _number(number, national[1:])
    return shorter if phonenumbers.is_possible_number(shorter) else number


def lasting_digits(number: PhoneNumber) -> str:
    """The national digits that a number has in its country's old plan as well as in today's."""
    national = phonenumbers.national_significant_number(number)
    rows = (row for row in _RENUMBERED if row.country_code == number.country_code)
    found = (re.fullmatch(row.lasting, national) for row in rows)
    return next(("".join(match.groups()) for match in found if match), national)


def _number(like: PhoneNumber, national: str) -> PhoneNumber:
    zeros = len(national) - len(national.lstrip("0"))
    return PhoneNumber(
        country_code=like.country_code,
        national_number=int(national or 0),
        italian_leading_zero=zeros > 0 or None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )
