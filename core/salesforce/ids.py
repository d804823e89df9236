"""Record ids: 15 characters that mind case, or 18 that do not."""

from __future__ import annotations

import re

from core.objects import object_of

_ID = re.compile(r"\b[a-zA-Z0-9]{18}\b|\b[a-zA-Z0-9]{15}\b")
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_CHUNK = 5


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def to_18(record_id: str) -> str:
    """The 18-character form: each suffix letter tells which of five characters are capitals.

    Source: Salesforce Help, "What are the differences between 15 and 18 character IDs".

    >>> to_18("0031i000013x2TE")
    '0031i000013x2TEAAY'
    """
    head = record_id[:15]
    suffix = ""
    for start in range(0, 15, _CHUNK):
        chunk = head[start : start + _CHUNK]
        bits = sum(1 << place for place, letter in enumerate(chunk) if "A" <= letter <= "Z")
        suffix += _SUFFIX[bits]
    return head + suffix


def ids_in(text: str, object_name: str = "") -> tuple[str, ...]:
    """Every id in a message, in the 18-character form; only those of an object if one is given."""
    found = (to_18(word) for word in _ID.findall(text) if any(c.isdigit() for c in word))
    return tuple(i for i in dict.fromkeys(found) if not object_name or object_of(i) == object_name)
