"""What of an event was left out or changed on the way in. Fields are named as telephony does."""

from __future__ import annotations

from datetime import datetime

from core.reasons.declare import reason


@reason("The link to the recording was left out: it does not begin with http:// or https://.")
def link_unsafe() -> None: ...


@reason("The link to the recording was left out: it is longer than {at_most} characters.")
def link_too_long(at_most: int) -> None: ...


@reason("{field} was left out: it is neither text nor a number.")
def no_text(field: str) -> None: ...


@reason("{field} was left out: it is longer than {at_most} characters.")
def too_long(field: str, at_most: int) -> None: ...


@reason("{field}: lines kept: {kept}, left out: {left_out}, which cannot be read or are too many.")
def lines_left_out(field: str, left_out: int, kept: int) -> None: ...


@reason("{field} was cut to {at_most} characters.")
def cut(field: str, at_most: int) -> None: ...


@reason("{field} holds characters that cannot be read: they were left out or replaced by �.")
def unreadable(field: str) -> None: ...


@reason("{field} lists several numbers: “{taken}” was taken.")
def several(field: str, taken: str) -> None: ...


@reason("The date “{sent}” was converted to the account's time zone: {taken}.")
def date_converted(sent: str, taken: datetime) -> None: ...


@reason("{field} was taken for 0: “{sent}” cannot be the length of a call in seconds.")
def no_length(field: str, sent: str) -> None: ...


@reason("The talk was cut from {sent} to {total} seconds: it cannot be longer than the whole call.")
def talk_too_long(sent: int, total: int) -> None: ...


@reason("A talk of {sent} seconds was taken for 0: with the state {state} nobody talked.")
def talk_unanswered(sent: int, state: str) -> None: ...
