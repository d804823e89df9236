"""Why a call is not written."""

from __future__ import annotations

from datetime import datetime

from core.reasons.declare import reason


@reason("The integration is off.")
def off() -> None: ...


@reason("No Salesforce is connected.")
def not_connected() -> None: ...


@reason("Internal call.")
def internal() -> None: ...


@reason("The number is withheld or is not a number: “{number}”.")
def withheld(number: str) -> None: ...


@reason("Excluded number: {number} is on your exclusion list.")
def excluded(number: str) -> None: ...


@reason("Excluded number: {number} is your own external line.")
def own_line(number: str) -> None: ...


@reason("By your settings, calls of this kind are not written.")
def kind() -> None: ...


@reason("“{name}” is known; by your settings, calls of this kind are not written on known records.")
def kind_known(name: str) -> None: ...


@reason("Unknown number; by your settings, calls of this kind create nothing.")
def kind_unknown() -> None: ...


@reason("Lead “{name}” is converted; by your settings, calls of this kind create nothing.")
def kind_converted(name: str) -> None: ...


@reason("Lead “{name}” is converted; by your settings its calls are ignored.")
def lead_converted(name: str) -> None: ...


@reason("Outgoing call to converted lead “{name}”; by your settings outgoing calls create nothing.")
def outgoing_converted(name: str) -> None: ...


@reason("Unknown number, outgoing call; by your settings it creates nothing.")
def outgoing_unknown() -> None: ...


@reason(
    "The number is looked for until {until}: once somebody makes a record with it, the call is"
    " written there."
)
def looked_for(until: datetime) -> None: ...
