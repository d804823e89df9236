"""Single values of a telephony event: found under either body's name, cleaned, bounded."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core import reasons
from core.events.bounds import BadEvent
from core.events.json_texts import json_within
from core.reasons import Reason
from core.same_text import plain

TEXT_AT_MOST = 255
KEY_AT_MOST = 64
NUMBER_AT_MOST = 64
"""Characters of a client number or a line: what the ledger keeps of one."""
NUMBERS_AT_MOST = 50
LINK_AT_MOST = 2000
SECONDS_AT_MOST = 24 * 60 * 60
"""More is a moment, milliseconds or a mistake: nobody talks for longer than a day."""

STANDARD = {
    "event": "event",
    "dbid": "dbid",
    "id": "id",
    "from": "from",
    "to": "to",
    "outer_number": "outerNumber",
    "direction": "direction",
    "date": "date",
    "state": "state",
    "seconds_total": "secondsFullTime",
    "seconds_talk": "secondsTalk",
    "link": "link",
    "group": "lastGroupName",
    "cause": "cause",
    "source": "source",
}
"""Our name → the name in the standard JSON."""

TEMPLATE = {
    "event": "event",
    "dbid": "call_dbid",
    "id": "call_id",
    "from": "call_from",
    "to": "call_to",
    "outer_number": "call_outernumber",
    "direction": "call_direction",
    "date": "call_date",
    "state": "call_state",
    "seconds_total": "call_secondsfulltime",
    "seconds_talk": "call_secondstalk",
    "link": "call_link",
    "group": "call_lastgroupname",
    "cause": "call_cause",
    "source": "call_source",
}
"""Our name → the variable in a customer's template; `call_to_0`, `call_to_1`… are one list."""


_BREAKS = re.compile("[\t\n\v\f\r\x85]+")
_INDEX = re.compile("[0-9]{1,9}")


def clean(text: str) -> str:
    """Without control characters and broken halves of characters, which databases refuse; tabs and
    line breaks part words."""
    if text.isprintable():  # most are, and asking each character takes long
        return text.strip()
    text = _BREAKS.sub(" ", text)
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs")).strip()


@dataclass(frozen=True)
class Body:
    """The call's fields under our own names, whichever body they came in."""

    fields: Mapping[str, Any]
    names: Mapping[str, str]
    prefix: str = ""
    changes: list[Reason] = field(default_factory=list)
    """What was left out or changed so far."""

    @classmethod
    def standard(cls, call: Mapping[str, Any], *, nested: bool) -> Body:
        return cls(call, STANDARD, "call." if nested else "")

    @classmethod
    def template(cls, event: Mapping[str, Any]) -> Body:
        return cls(event, TEMPLATE)

    def say(self, change: Reason) -> None:
        self.changes.append(change)

    def name(self, field: str) -> str:
        """The field as telephony names it."""
        return self.prefix + self.names[field]

    def has(self, field: str) -> bool:
        return self.names[field] in self.fields

    def text(self, field: str, *, at_most: int = TEXT_AT_MOST) -> str:
        """A value as clean text; missing and null are empty. Raises `BadEvent`."""
        return _text(self.fields.get(self.names[field]), self.name(field), at_most)

    def word(self, field: str) -> str:
        """One of telephony's own words, in upper case and without what is not seen."""
        return plain(self.text(field)).upper()

    def required(self, field: str) -> str:
        value = self.text(field)
        if not value:
            raise BadEvent(self.name(field), "is missing")
        return value

    def carried(self, field: str) -> str:
        """A value that the call merely carries, as clean text; empty when it is none."""
        sent = self.fields.get(self.names[field])
        text = _readable(sent)
        if text is None:
            if sent:  # false and empty lists say that there is none
                self.say(reasons.sent.no_text(field=self.name(field)))
            return ""
        if isinstance(sent, str) and ("\ufffd" in sent or text != _BREAKS.sub(" ", sent).strip()):
            self.say(reasons.sent.unreadable(field=self.name(field)))
        return text

    def optional(self, field: str, *, at_most: int = TEXT_AT_MOST) -> str:
        """A value that no call is refused for: cut when too long, empty when it is no text."""
        return self.cut(self.carried(field), field, at_most)

    def cut(self, text: str, field: str, at_most: int = TEXT_AT_MOST) -> str:
        if len(text) > at_most:
            self.say(reasons.sent.cut(field=self.name(field), at_most=at_most))
        return text[:at_most].strip()

    def seconds(self, field: str) -> int:
        """Whole seconds, sent as a number or as text; 0 for what cannot be a call's length."""
        text = self.carried(field)
        try:
            # Python's own spelling of a number, 1_0, is nobody else's.
            sent = math.nan if "_" in text else float(text.replace(",", ".") or 0)
        except ValueError:
            sent = math.nan
        if 0 <= sent <= SECONDS_AT_MOST:
            return round(sent)
        self.say(reasons.sent.no_length(field=self.name(field), sent=text[:NUMBER_AT_MOST]))
        return 0

    def number(self, field: str) -> str:
        """One number or name that no call is refused for; the first where a list was sent."""
        sent = self._list(field)
        texts = [text for one in sent if (text := _readable(one))]
        if not texts and any(sent):
            self.say(reasons.sent.no_text(field=self.name(field)))
        return self.cut(self.first(texts, field), field)

    def numbers(self, field: str) -> tuple[str, ...]:
        """Client numbers: one or a list, text or digits, without empty ones. Raises `BadEvent`."""
        values = self._list(field)
        if len(values) > NUMBERS_AT_MOST:
            raise BadEvent(self.name(field), f"lists more than {NUMBERS_AT_MOST} numbers")
        numbers = _apart(_text(value, self.name(field)) for value in values)
        if any(len(number) > NUMBER_AT_MOST for number in numbers):
            raise BadEvent(self.name(field), f"is longer than {NUMBER_AT_MOST} characters")
        return tuple(numbers)

    def lines(self, field: str) -> tuple[str, ...]:
        """Our own lines, for which no call is refused: of those that can be read, the last ones,
        as the last one took the call."""
        sent = [(value, _readable(value)) for value in self._list(field)]
        bad = sum(text is None for value, text in sent if value)
        numbers = _apart(text for _, text in sent if text)
        lines = [one for one in numbers if len(one) <= NUMBER_AT_MOST][-NUMBERS_AT_MOST:]
        if left_out := bad + len(numbers) - len(lines):
            name = self.name(field)
            self.say(reasons.sent.lines_left_out(field=name, left_out=left_out, kept=len(lines)))
        return tuple(lines)

    def first(self, numbers: Sequence[str], field: str) -> str:
        """The first of several numbers where one is wanted; empty when there is none."""
        if len(set(numbers)) > 1:
            self.say(reasons.sent.several(field=self.name(field), taken=numbers[0]))
        return numbers[0] if numbers else ""

    def _list(self, field: str) -> list[Any]:
        """One value or several: a list, also as JSON in a text, an object that counts them, or a
        template's numbered names."""
        sent = json_within(self.fields.get(self.names[field]))
        if isinstance(sent, Mapping) and sent and all(_INDEX.fullmatch(str(one)) for one in sent):
            sent = [sent[one] for one in sorted(sent, key=int)]
        values = sent if isinstance(sent, list | tuple) else [sent]
        return [_only_text(value) for value in (*values, *self._numbered(field))]

    def _numbered(self, field: str) -> list[Any]:
        """`call_to_0`, `call_to_1`… of a template, in order."""
        pattern = re.compile(re.escape(self.names[field]) + r"_([0-9]{1,3})")
        found = [(match, name) for name in self.fields if (match := pattern.fullmatch(str(name)))]
        return [self.fields[name] for _, name in sorted(found, key=lambda pair: int(pair[0][1]))]


def _only_text(value: Any) -> Any:
    """Of an object such as `{"number": "2000"}` its only value, when that is a text."""
    only = next(iter(value.values())) if isinstance(value, Mapping) and len(value) == 1 else None
    return only if isinstance(only, str) else value


def _apart(texts: Iterable[str]) -> list[str]:
    """The numbers of texts that may hold several."""
    return [n.strip() for text in texts for n in re.split("[,;]", text) if n.strip()]


def _text(value: Any, name: str, at_most: int = TEXT_AT_MOST) -> str:
    text = _readable(value)
    if text is None:
        raise BadEvent(name, "must be text or a number of usual length")
    if len(text) > at_most:
        raise BadEvent(name, f"is longer than {at_most} characters")
    return text


def _readable(value: Any) -> str | None:
    """Clean text, empty for null; None for what is neither text nor a number."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # some JSON writers send 275.0
    if isinstance(value, int) and value.bit_length() > 256:
        return None
    return clean(str(value))
