"""How the lead or contact was chosen."""

from __future__ import annotations

from core.reasons.declare import reason


@reason(
    "Several records have this number; “{chosen}” was taken: unconverted before converted, then"
    " the most recently changed. Others: {names}."
)
def others(chosen: str, names: str) -> None: ...


@reason("“{name}” was created for this number earlier.")
def remembered(name: str) -> None: ...
