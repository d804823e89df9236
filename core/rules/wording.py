"""What the Task says, in the account's language: subject, status in words, the six items."""

from __future__ import annotations

from core.rules.case import Case
from core.rules.owners import user_name
from core.texts import label, written_moment


def subject(case: Case) -> str:
    """`Incoming call +380505557182`"""
    words = label(f"subject.{case.call.way}.{case.call.status}", case.policy.language)
    return f"{words} {case.number}"


def disposition(case: Case) -> str:
    """The status in words, with telephony's own state where that says more."""
    language = case.policy.language
    words = label(f"status.{case.call.way}.{case.call.status}", language)
    if case.call.answered or not case.call.state:
        return words
    return f"{words}: {label(f'state.{case.call.state}', language)}"


def description(case: Case, *, with_duration: bool) -> str:
    """The six items of the manual, one a line; those that a call does not have are left out.

    `with_duration` adds the length of the talk, for an org whose Task has no field for it.
    """
    call, language = case.call, case.policy.language
    items = {
        "date": written_moment(call.started_at, language),
        "status": label(f"status.{case.call.way}.{case.call.status}", language),
        "employee": "" if call.missed else _employee(case),
        "client_number": case.number,
        "external_line": call.external_line,
        "recording": call.recording_url if call.answered else "",
        "duration": label("seconds", language, count=str(call.seconds_talk))
        if with_duration and call.answered
        else "",
    }
    return "\n".join(
        f"{label(f'item.{name}', language)}: {value}" for name, value in items.items() if value
    )


def _employee(case: Case) -> str:
    """Who spoke, even if somebody else owns the Task; an unmapped line stands for itself."""
    line = case.call.line
    user_id = next((row.user_id for row in case.policy.lines if row.line == line), "")
    if user_id:
        return f"{user_name(case, user_id)} ({line})"
    return label("line", case.policy.language, line=line) if line else ""
