"""Several numbers in one run of digits, or a number and digits that belong to none.

    0501112233 067 111 22 33 0931112233     cut where each part is a number
    0501112233 (2)                          digits in brackets are no part of it
    0501112233 24/7  1234 0501112233        nor are a few others, if its prefix says where it begins

A run that names its country begins with that country's number, or is not read at all.
Of all cuts the one counts that leaves the fewest digits over; where two do, nobody can tell
which was meant, and neither is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from core.phone.digits import announces_itself, listed, names_its_country

_MOST_DIGITS = 18
"""Of one number: E.164's fifteen and a prefix for dialling abroad."""
_MOST_STRAY = 4
"""Digits beside a number: a floor, an hour, an old code."""
_IN_BRACKETS = re.compile(r"\(\s*\d{1,2}(?:\s*[-./]\s*\d{1,2})?\s*\)")
"""`(2)`, `(10-19)`."""

Numbers = tuple[str, ...]
Number = Callable[[int, int], str | None]
"""The number that the groups from one place to another (both inclusive) are."""
Stray = Callable[[int, int], bool]


@dataclass(frozen=True)
class _Group:
    """Digits without anything between them; `start` is at the bracket before them."""

    start: int
    digits: int
    end: int
    in_brackets: bool

    @property
    def size(self) -> int:
        return self.end - self.digits


def cut(run: str, region: str, *, typed: bool) -> list[str]:
    """The numbers in a run that is none as a whole, in E.164; empty when no cut makes sense."""
    groups = _groups(run)

    @cache
    def number(first: int, last: int) -> str | None:
        if sum(group.size for group in groups[first : last + 1]) > _MOST_DIGITS:
            return None
        return listed(run[groups[first].start : groups[last].end], region, typed=typed)

    def announced(first: int, last: int) -> str | None:
        found = number(first, last)
        text = run[groups[first].start : groups[last].end]
        return found if found and announces_itself(text, found) else None

    begins = "+" in run or names_its_country(run, region)  # so no digit before it is left over

    def bracketed(first: int, last: int) -> bool:
        inside = all(group.in_brackets for group in groups[first : last + 1])
        return inside and not (begins and first == 0)

    def few(first: int, last: int) -> bool:
        digits = sum(group.size for group in groups[first : last + 1])
        return digits <= _MOST_STRAY and not (begins and first == 0)

    ways: tuple[tuple[Number, Stray], ...] = (
        (number, lambda *_: False),
        (number, bracketed),
        (announced, few),
    )
    for meant, stray in ways:
        if found := _best(len(groups), meant, stray, [group.size for group in groups]):
            return list(found[0]) if len(found) == 1 else []
    return []


def _groups(run: str) -> list[_Group]:
    bracketed = [match.span() for match in _IN_BRACKETS.finditer(run)]
    groups: list[_Group] = []
    for match in re.finditer(r"\d+", run):
        before = groups[-1].end if groups else 0
        bracket = run.rfind("(", before, match.start())
        start = 0 if not groups else bracket if bracket >= 0 else match.start()
        inside = any(first <= match.start() < last for first, last in bracketed)
        groups.append(_Group(start, match.start(), match.end(), inside))
    return groups


@dataclass(frozen=True)
class _Ways:
    """Ways to cut what follows, all of them leaving as few digits over as can be."""

    left_over: int
    numbers: frozenset[Numbers]

    def after_number(self, number: str) -> _Ways:
        return _Ways(self.left_over, frozenset((number, *more) for more in self.numbers))

    def after_stray(self, digits: int) -> _Ways:
        return _Ways(self.left_over + digits, self.numbers)


def _best(count: int, number: Number, stray: Stray, sizes: list[int]) -> list[Numbers]:
    """Built up from the end; two ways are enough to know that there is no telling."""
    ways = {(count, after_stray): _Ways(0, frozenset([()])) for after_stray in (False, True)}
    for first in reversed(range(count)):
        for after_stray in (False, True):
            options = []
            for last in range(first, count):
                if found := number(first, last):
                    options.append(ways[last + 1, False].after_number(found))
                if not after_stray and stray(first, last):
                    digits = sum(sizes[first : last + 1])
                    options.append(ways[last + 1, True].after_stray(digits))
            ways[first, after_stray] = _fewest(options)
    return [numbers for numbers in ways[0, False].numbers if numbers]


def _fewest(options: Iterable[_Ways]) -> _Ways:
    possible = [one for one in options if one.numbers]
    if not possible:
        return _Ways(0, frozenset())
    least = min(one.left_over for one in possible)
    found = {numbers for one in possible if one.left_over == least for numbers in one.numbers}
    return _Ways(least, frozenset(sorted(found)[:2]))
