"""Writing SOQL without letting a value become part of the query.

Source: SOQL and SOSL reference, "Quoted String Escape Sequences" and "LIKE".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

LONGEST_QUERY = 100_000
"""Characters in one SOQL statement (SOQL reference, limits)."""

_ESCAPES = str.maketrans(
    {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)


def quote(value: str) -> str:
    """A string literal: `O'Neil` → `'O\\'Neil'`."""
    return f"'{value.translate(_ESCAPES)}'"


def one_of(field: str, values: Collection[str]) -> str:
    """`Field IN ('a','b')`; sorted, so that equal questions read alike."""
    return f"{field} IN ({','.join(quote(value) for value in sorted(values))})"


def like(field: str, pattern: str) -> str:
    """`Field LIKE '%5%5%'`. `%` and `_` in the pattern are wildcards."""
    return f"{field} LIKE {quote(pattern)}"


def any_of(conditions: Iterable[str]) -> str:
    """Conditions joined by OR, in brackets."""
    return f"({' OR '.join(conditions)})"


def select(columns: Iterable[str], source: str, where: str, rest: str = "") -> str:
    query = f"SELECT {', '.join(columns)} FROM {source} WHERE {where}"  # noqa: S608  values pass `quote`
    return f"{query} {rest}" if rest else query
