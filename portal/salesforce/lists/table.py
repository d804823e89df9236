"""The text of a list → its rows of cells, whichever mark separates them."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice

_MARKS = "\t;|,"
"""The likelier first: a comma may stand in a name."""
_SEPARATOR_LINE = re.compile(r"\s*\"?sep=([^\w\s\"]|\t)\"?[\t;|, ]*(\r\n|\r|\n|$)", re.I)
"""Excel's own first line; it is no row."""
_END = re.compile(r"\r\n|\r|\n")
"""Of a row; others, such as U+2028, stand within cells."""
_NUMBERED = re.compile(r"\s*\S*\d\S*\s+\w")
"""A row that spaces separate."""
_QUOTED = re.compile(r"\"[^\"\r\n]*\"")
_SAMPLE = 50
"""Rows."""


def rows_of(text: str, most: int) -> list[list[str]]:
    """Up to so many rows, each with a cell at least. Raises csv.Error."""
    told = _SEPARATOR_LINE.match(text)
    if told:
        text = text[told.end() :]
    # Under a `sep=` that no row heeds, the rows tell.
    separator = told[1] if told and told[1] in text else _separator(text)
    if separator == " ":
        return [[*row.split(None, 1)] or [""] for row in _END.split(text)[:most]]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    return [
        [cell.strip() for cell in _split(row, separator)] or [""] for row in islice(reader, most)
    ]


def _separator(text: str) -> str:
    """The mark of the first row that has one, if most rows have it, else the one that most rows
    have; else spaces. What stands in quotes tells nothing, nor do titles: rows without a mark or a
    number in front."""
    bare = islice(_END.split(_QUOTED.sub("", text)), _SAMPLE)
    marked = [row for row in bare if any(mark in row for mark in _MARKS) or _NUMBERED.match(row)]
    rows = marked or [text]
    usual = [mark for mark in _MARKS if sum(mark in row for row in rows) * 2 > len(rows)]
    first = next((row for row in rows if any(mark in row for mark in _MARKS)), "")
    best = [mark for mark in usual if mark in first] or usual
    return next(iter(best), " ")


def _split(row: list[str], separator: str) -> list[str]:
    """A spreadsheet of a country with another separator takes a row for one cell, and keeps it."""
    if len(row) == 1 and separator in row[0]:
        return next(csv.reader(row, delimiter=separator, skipinitialspace=True))
    return row
