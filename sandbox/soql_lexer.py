"""SOQL text cut into tokens."""

import re
from dataclasses import dataclass
from typing import Any

from sandbox.errors import SalesforceError

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:?\d\d))"
    r"|(?P<date>\d{4}-\d\d-\d\d)(?![\w.])"
    r"|(?P<number>[+-]?\d+(?:\.\d+)?)(?![\w.])"
    r"|(?P<period>[A-Za-z]\w*:\d+)(?![\w.])"
    r"|(?P<name>[A-Za-z]\w*(?:\.[A-Za-z]\w*)*)"
    r"|(?P<op><=|>=|!=|<>|=|<|>)"
    r"|(?P<mark>[(),])",
    re.ASCII,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_UNICODE = re.compile(r"u([0-9A-Fa-f]{4})")


@dataclass(frozen=True)
class Token:
    """kind: name, string, number, date, datetime, period, op, mark or end; `at`: offset.

    For a string, `value` is its meaning and `like` its meaning as a pattern, in which `%` and
    `_` are wildcards unless they were escaped; `wild` tells that an escape needs LIKE.
    """

    kind: str
    value: Any
    at: int
    like: str = ""
    wild: bool = False


def malformed(text: str, at: int, message: str, code: str = "MALFORMED_QUERY") -> SalesforceError:
    """A refusal with the place marked, as Salesforce prints it."""
    at = min(at, len(text))
    row = text.count("\n", 0, at) + 1
    start = text.rfind("\n", 0, at) + 1
    snippet = text[max(start, at - 40) : at + 40].split("\n")[0]
    caret = " " * min(at - start, 40) + "^"
    where = f"ERROR at Row:{row}:Column:{at - start + 1}"
    return SalesforceError(code, f"\n{snippet}\n{caret}\n{where}\n{message}")


def tokens(text: str) -> list[Token]:
    """Every token and an end mark. Raises MALFORMED_QUERY on anything unknown."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at] == "'":
            token, at = _string(text, at)
            found.append(token)
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            raise malformed(text, at, f"unexpected token: '{text[at]}'")
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match.group(), at))
        at = match.end()
    return [*found, Token("end", "<EOF>", len(text))]


def _string(text: str, start: int) -> tuple[Token, int]:
    value, like, wild = "", "", False
    at = start + 1
    while at < len(text) and text[at] != "'":
        char = text[at]
        if char in "\r\n":
            raise malformed(text, at, "line breaks not allowed in string literals")
        if char != "\\":
            value, like, at = value + char, like + ("\\\\" if char == "\\" else char), at + 1
            continue
        char, at = _escape(text, at)
        if char in "%_" and text[at - 1] == char:
            wild, like = True, like + "\\" + char
        else:
            like += "\\\\" if char == "\\" else char
        value += char
    if at >= len(text):
        raise malformed(text, start, "unexpected token: ''' (string literal is not closed)")
    return Token("string", value, start, like, wild), at + 1


def _escape(text: str, at: int) -> tuple[str, int]:
    """The character that the escape sequence at `at` stands for, and where it ends."""
    letter = text[at + 1 : at + 2]
    if letter and letter in "%_":
        return letter, at + 2
    if letter.lower() == "u" and (match := _UNICODE.match(text.lower(), at + 1)):
        return chr(int(match.group(1), 16)), match.end()
    if letter.lower() in _ESCAPES and letter:
        return _ESCAPES[letter.lower()], at + 2
    raise malformed(text, at, f"Illegal character sequence '\\{letter}' in string literal")
