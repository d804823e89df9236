"""How the lead or contact was chosen."""

from __future__ import annotations

from core.reasons.declare import reason


@reason(
    "“{chosen}” was taken: unconverted before converted, then the most recently changed."
    " {count} more record has this number: {names}.",
    "“{chosen}” was taken: unconverted before converted, then the most recently changed."
    " {count} more records have this number: {names}.",
)
def others(chosen: str, count: int, names: str) -> None: ...


@reason("“{name}” was created for this number earlier.")
def remembered(name: str) -> None: ...


@reason("{fields}: encrypted in Salesforce, so it cannot be searched by number.")
def not_searched(fields: str) -> None: ...
