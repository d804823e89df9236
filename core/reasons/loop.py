"""A missed call that somebody answers for, until the client was spoken to."""

from __future__ import annotations

from datetime import timedelta

from core.reasons.declare import reason


@reason("The client counts as not called back until somebody has spoken with them.")
def opened() -> None: ...


@reason(
    "{count} call of this client was missed by now.",
    "{count} calls of this client were missed by now.",
)
def missed_again(count: int) -> None: ...


@reason("Called back after {after}: {user}.")
def called_back(after: timedelta, user: str) -> None: ...


@reason("The client called again after {after} and was answered: {user}.")
def called_again(after: timedelta, user: str) -> None: ...


@reason("Called back after {after}.")
def called_back_unnamed(after: timedelta) -> None: ...


@reason("The client called again after {after} and was answered.")
def called_again_unnamed(after: timedelta) -> None: ...


@reason("Salesforce did not let us change the open task to call back; the call is written anyway.")
def refused() -> None: ...


@reason("This call changes nothing in Salesforce: the task to call back stays open there.")
def task_left() -> None: ...


@reason("The task to call back was completed in Salesforce by {user}.")
def completed(user: str) -> None: ...


@reason("The task to call back was deleted in Salesforce, or is hidden from us by now.")
def gone() -> None: ...


@reason("Nobody called back in time: the task went to {user}.")
def handed_over(user: str) -> None: ...


@reason("The task was given to {user} in Salesforce.")
def given(user: str) -> None: ...
