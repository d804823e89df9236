"""Record ids as Salesforce makes them: 15 case-sensitive characters and a 3-character checksum."""

import re

from sandbox.errors import SalesforceError

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHAPE = re.compile(r"[0-9A-Za-z]{15}(?:[A-Z0-5]{3})?\Z")
# The instance part of an id. Ours stands for no real instance.
_INSTANCE = "Sd00000"


def checksum(id15: str) -> str:
    """The 3 characters that tell which of the 15 are capital letters."""
    out = ""
    for start in (0, 5, 10):
        chunk = id15[start : start + 5]
        out += _ALPHABET[sum(1 << i for i, char in enumerate(chunk) if char.isupper())]
    return out


def make_id(prefix: str, number: int) -> str:
    """The 18-character id number `number` for the 3-character key prefix."""
    tail = ""
    for _ in range(5):
        number, digit = divmod(number, 62)
        tail = _DIGITS[digit] + tail
    id15 = prefix + _INSTANCE + tail
    return id15 + checksum(id15)


def to_18(value: str) -> str | None:
    """The 18-character form of a 15- or 18-character id; None when it is no id.

    An 18-character id whose checksum does not fit its letters is no id.
    """
    if not _SHAPE.match(value):
        return None
    full = value[:15] + checksum(value[:15])
    return full if len(value) == 15 or value == full else None


def parse_id(value: object, label: str = "Id", fields: list[str] | None = None) -> str:
    """The 18-character form, or MALFORMED_ID in the platform's words."""
    full = to_18(value) if isinstance(value, str) else None
    if full is None:
        raise SalesforceError(
            "MALFORMED_ID", f"{label}: id value of incorrect type: {value}", fields=fields or ["Id"]
        )
    return full
