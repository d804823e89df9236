"""Shapes of orgs: with the package and without, small enough to read."""

from datetime import UTC, date, datetime

from core.facts import FieldInfo, OrgShape, User
from core.policy import Policy

NAMES = {
    "Lead": "Id Name LastName Company OwnerId LastModifiedDate IsConverted ConvertedContactId"
    " ConvertedAccountId ConvertedOpportunityId Phone MobilePhone Fax",
    "Contact": "Id Name LastName OwnerId AccountId LastModifiedDate Phone MobilePhone HomePhone"
    " OtherPhone AssistantPhone",
    "Opportunity": "Id Name StageName IsClosed CloseDate OwnerId LastModifiedDate AccountId",
    "OpportunityContactRole": "Id OpportunityId ContactId IsPrimary Role",
    "Task": "Id Subject CallObject WhoId WhatId OwnerId CreatedDate Status",
}
OWN = {"Lead": "UniTalk_Key__c", "Contact": "UniTalk_Key__c", "Task": "UniTalk_Call_Id__c"}
ANNA = "005000000000001AAA"
GONE = "005000000000002AAA"
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def shape(
    package: bool = True, extra: dict[str, str] | None = None, without: tuple[str, ...] = ()
) -> OrgShape:
    """`extra` adds fields by object, `without` leaves objects out."""
    fields = {}
    for name, names in NAMES.items():
        own = OWN.get(name, "") if package else ""
        wanted = f"{names} {own} {(extra or {}).get(name, '')}".split()
        fields[name] = {f: FieldInfo(name=f, label=f"The {f}", type="string") for f in wanted}
    return OrgShape(
        fields={name: value for name, value in fields.items() if name not in without},
        users={
            ANNA: User(ANNA, "Anna"),
            GONE: User(GONE, "Gone", is_active=False),
        },
    )


def policy(**chosen: object) -> Policy:
    return Policy(enabled=True, **chosen)
