"""What became of a field that the product fills."""

from __future__ import annotations

from core.reasons.declare import reason


@reason("{field} was left out: the connected user cannot write it.")
def left_out(field: str) -> None: ...


@reason("{field} was too long and was cut.")
def cut(field: str) -> None: ...
