"""A run of digits and punctuation, as it stands in a field → the numbers in it, mostly one.

    030/123456                      one, divided by a slash
    0501112233/0671112233           two, divided by a slash
    0501112233 067 111 22 33        two, divided by a space (`cuts`)

Numbers are E.164. `typed` means by a person; else the run is telephony's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.phone.cuts import cut
from core.phone.digits import FEWEST_UNLISTED, digits_of, listed, unlisted


def read_run(run: str, region: str, *, typed: bool) -> list[str]:
    """A run that is a number as a whole is never cut, save at slashes where each part is one."""
    parts = _parts(run)
    if len(parts) > 1:
        split = [listed(part, region, typed=typed) for part in parts]
        if all(split):
            return [number for number in split if number]
    if whole := listed(run, region, typed=typed):
        return [whole]
    return (
        cut(run, region, typed=typed)
        or _in_parts(parts, region, typed=typed)
        or _believed(run, parts, region, typed=typed)
    )


def _parts(run: str) -> list[str]:
    parts = [part for part in re.split(r"[/\\]", run) if digits_of(part)]
    begun = parts and "+" in parts[0] and len(digits_of(parts[0])) < FEWEST_UNLISTED
    return [run] if begun else parts  # of `+34 123/0612345678` the second is no number by itself


def _in_parts(parts: Sequence[str], region: str, *, typed: bool) -> list[str]:
    """Of `0501112233/98765432198765` the part that makes sense."""
    if len(parts) < 2:
        return []
    found = (
        [whole] if (whole := listed(part, region, typed=typed)) else cut(part, region, typed=typed)
        for part in parts
    )
    return [number for numbers in found for number in numbers]


def _believed(run: str, parts: Sequence[str], region: str, *, typed: bool) -> list[str]:
    whole = unlisted(run, region, typed=typed)
    split = [unlisted(part, region, typed=typed) for part in parts] if len(parts) > 1 else []
    chosen = split if split and (all(split) or not whole) else [whole]
    return [number for number in chosen if number]
