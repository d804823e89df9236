"""Salesforce's objects as the product knows them: names, ids, and the fields that hold our keys.

Sources: Salesforce object reference; Salesforce Help, "Standard field record ID prefix decoder".
"""

from __future__ import annotations

LEAD = "Lead"
CONTACT = "Contact"
OPPORTUNITY = "Opportunity"
CONTACT_ROLE = "OpportunityContactRole"
"""Who has to do with an opportunity."""
TASK = "Task"
ACCOUNT = "Account"
USER = "User"
GROUP = "Group"
"""Queues as well: they may own leads, our Tasks go to people."""
ORGANIZATION = "Organization"
STAGE = "OpportunityStage"
TASK_STATUS = "TaskStatus"

WITH_OWN_FIELDS = (LEAD, CONTACT, OPPORTUNITY, TASK)
"""Objects that a call writes, so that customers may have fields of their own filled there."""

CALL_KEY = "UniTalk_Call_Id__c"
"""On a Task: the key of its call, unique. Our package brings it."""
CALL_OBJECT = "CallObject"
"""On a Task: Salesforce's own field, which holds the key of a call where CALL_KEY is not."""
OWNERS_KEY_ENDS = "/owner"
"""After the call's key: on a Task that tells an owner of the call."""
TASK_KEYS = (CALL_KEY, CALL_OBJECT)
RECORD_KEY = "UniTalk_Key__c"
"""On a lead, contact or opportunity: what makes a second one impossible. Our package brings it."""
KEYS = frozenset({RECORD_KEY, *TASK_KEYS})
"""Fields that only the product reads."""
EXTERNAL_LINE = "UniTalk_External_Line__c"
"""On a Task: where its call came from, for reports. Our package brings it."""
OF_PACKAGE = (CALL_KEY, RECORD_KEY, EXTERNAL_LINE)
"""Our package's fields. Where it came as a managed package their names carry its namespace:
`unitalk__UniTalk_Key__c` (`core.facts.OrgShape.named`)."""

_BY_PREFIX = {
    "001": ACCOUNT,
    "003": CONTACT,
    "005": USER,
    "006": OPPORTUNITY,
    "00G": GROUP,
    "00K": CONTACT_ROLE,
    "00Q": LEAD,
    "00T": TASK,
}


def object_of(record_id: str) -> str:
    """The object that a record is of, by its id; empty for one that the product does not know."""
    return _BY_PREFIX.get(record_id[:3], "")


def without_namespace(field: str) -> str:
    """A field of our package by the name it has here; any other field as it is."""
    return next((one for one in OF_PACKAGE if field.endswith(f"__{one}")), field)


def fields_of(object_name: str, *names: str) -> tuple[str, ...]:
    """Fields as they are named across objects: `Lead.Phone`."""
    return tuple(f"{object_name}.{name}" for name in names)
