"""What the Task says, in the account's language: subject, status in words, the six items."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.call import Call, Direction
from core.languages import LANGUAGES
from core.rules.handling import Handling
from core.rules.owners import user_name
from core.texts import label, written_moment, written_span

_TIMES = " · "
"""In a subject, between what it was and how often the client called since."""


def subject(handling: Handling) -> str:
    """`Incoming call +380505557182`"""
    words = label(f"subject.{handling.call.way}.{handling.call.status}", handling.policy.language)
    return f"{words} {handling.number}"


def spoke_with(handling: Handling, employee: str) -> str:
    """`Your client spoke with Petro: +380505557182`"""
    words = label("subject.spoke_with", handling.policy.language, employee=employee)
    return f"{words}: {handling.number}"


def disposition(handling: Handling) -> str:
    """The status in words, with telephony's own state where that says more."""
    language = handling.policy.language
    words = label(f"status.{handling.call.way}.{handling.call.status}", language)
    if handling.call.answered or not handling.call.state:
        return words
    return f"{words}: {label(f'state.{handling.call.state}', language)}"


def description(handling: Handling, *, with_duration: bool) -> str:
    """The six items of the manual, one a line; those that a call does not have are left out.

    `with_duration` adds the length of the talk, for an org whose Task has no field for it.
    """
    call, language = handling.call, handling.policy.language
    items = {
        "date": written_moment(call.started_at.replace(tzinfo=None), language),
        "status": label(f"status.{handling.call.way}.{handling.call.status}", language),
        "employee": "" if call.missed else _employee(handling, call),
        "client_number": handling.number,
        "external_line": call.external_line,
        "recording": call.recording_url if call.answered else "",
        "duration": label("seconds", language, count=str(call.seconds_talk))
        if with_duration and call.answered
        else "",
    }
    return "\n".join(
        f"{label(f'item.{name}', language)}: {value}" for name, value in items.items() if value
    )


def missed_times(handling: Handling, subject: str, times: int, last: datetime) -> str:
    """`Missed call +380505557182 · missed 3, last 29.11.2026 10:42`"""
    moment = _minute(handling, last.astimezone(handling.policy.zone))
    words = label("loop.times", handling.policy.language, count=str(times), moment=moment)
    before, _, tail = subject.rpartition(_TIMES)
    return f"{before if _is_ours(tail) else subject}{_TIMES}{words}"


def _is_ours(tail: str) -> bool:
    """What was told before, perhaps while the account had another language."""
    said = (label("loop.times", language, count=_TIMES) for language in LANGUAGES)
    return tail.startswith(tuple(one.partition(_TIMES)[0] for one in said))


def missed_again(handling: Handling, times: int) -> str:
    """A line of the open Task's description."""
    language = handling.policy.language
    moment = _minute(handling, handling.call.started_at)
    return label("loop.missed_again", language, count=str(times), moment=moment)


def called_back(handling: Handling, talk: Call, after: timedelta) -> str:
    """`Called back after 12 minutes: Olena (2000)`, the line that closes the open Task."""
    language = handling.policy.language
    outgoing = talk.direction is Direction.OUT
    code = "loop.called_back" if outgoing else "loop.called_again"
    words = label(code, language, after=written_span(after, language))
    return ": ".join(filter(None, (words, _employee(handling, talk))))


def with_line(text: str, line: str) -> str:
    return f"{text}\n{line}" if text else line


def _minute(handling: Handling, moment: datetime) -> str:
    return written_moment(moment.replace(tzinfo=None), handling.policy.language)[: -len(":00")]


def _employee(handling: Handling, call: Call) -> str:
    """Who spoke, even if somebody else owns the Task; an unmapped line stands for itself."""
    line = call.line
    if user_id := handling.policy.user_of_line(line):
        return f"{user_name(handling, user_id)} ({line})"
    return label("line", handling.policy.language, line=line) if line else ""
