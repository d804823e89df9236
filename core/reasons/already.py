"""The call is in Salesforce already."""

from __future__ import annotations

from core.reasons.declare import reason


@reason("The call is in Salesforce already; it is not written again.")
def written() -> None: ...
