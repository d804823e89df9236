"""How the opportunity was chosen or changed."""

from __future__ import annotations

from datetime import date

from core.reasons.declare import reason


@reason(
    "The most recently changed of the open opportunities, “{chosen}”, was taken."
    " {count} more is open: {names}.",
    "The most recently changed of the open opportunities, “{chosen}”, was taken."
    " {count} more are open: {names}.",
)
def others(chosen: str, count: int, names: str) -> None: ...


@reason("Its close date had passed and was moved to {date}.")
def close_date(date: date) -> None: ...


@reason("Stage “{stage}” is no longer open in Salesforce; “{instead}” was used.")
def stage_gone(stage: str, instead: str) -> None: ...


@reason(
    "{count} earlier call of this contact, logged on nothing else, joins the opportunity.",
    "{count} earlier calls of this contact, logged on nothing else, join the opportunity.",
)
def history(count: int) -> None: ...
