"""How the opportunity was chosen or changed."""

from __future__ import annotations

from datetime import date

from core.reasons.declare import reason


@reason(
    "Several opportunities are open; the most recently changed, “{chosen}”, was taken. Others:"
    " {names}."
)
def others(chosen: str, names: str) -> None: ...


@reason("Its close date had passed and was moved to {date}.")
def close_date(date: date) -> None: ...


@reason("Stage “{stage}” is no longer open in Salesforce; “{instead}” was used.")
def stage_gone(stage: str, instead: str) -> None: ...
