"""What a call was written on."""

from __future__ import annotations

from core.reasons.declare import reason


@reason("Logged on lead “{name}”.")
def lead_found(name: str) -> None: ...


@reason("Found later: the call was logged on “{name}”, which did not exist yet during the call.")
def found_later(name: str) -> None: ...


@reason("No lead had this number: a lead was created and the call logged on it.")
def lead_created() -> None: ...


@reason("Lead “{name}” is converted: a new lead was created and the call logged on it.")
def lead_created_again(name: str) -> None: ...


@reason("Logged on contact “{name}”: a known contact comes before leads.")
def contact_first(name: str) -> None: ...


@reason("Logged on contact “{name}”.")
def contact_found(name: str) -> None: ...


@reason("No contact had this number: a contact was created and the call logged on it.")
def contact_created() -> None: ...


@reason("Logged on “{name}”, the record of another call from this number.")
def same_person(name: str) -> None: ...


@reason("Salesforce named “{name}” as a duplicate: the call was logged there.")
def named(name: str) -> None: ...


@reason("The lead is converted: logged on its contact “{name}”.")
def converted_contact(name: str) -> None: ...


@reason("Outgoing call: logged on contact “{name}” without an opportunity.")
def contact_only(name: str) -> None: ...


@reason("Logged on contact “{name}” alone: the org has no open opportunity stage.")
def no_open_stage(name: str) -> None: ...


@reason(
    "Logged on contact “{name}” alone: the connected user may not see opportunities or link them"
    " to contacts (contact roles), so a new one would not be found again."
)
def opportunities_hidden(name: str) -> None: ...


@reason("Logged on open opportunity “{opportunity}”.")
def opportunity_open(opportunity: str) -> None: ...


@reason(
    "Closed opportunity “{opportunity}” was reopened at stage “{stage}” and the call logged on it."
)
def opportunity_reopened(opportunity: str, stage: str) -> None: ...


@reason("Opportunity “{opportunity}” was created and the call logged on it.")
def opportunity_created(opportunity: str) -> None: ...


@reason(
    "All opportunities were closed: a new one, “{opportunity}”, was created and the call logged"
    " on it."
)
def opportunity_created_again(opportunity: str) -> None: ...


@reason("Logged on opportunity “{opportunity}” of another call from this contact.")
def same_opportunity(opportunity: str) -> None: ...
