"""Who may own a record, and the lead assignment rule."""

from sandbox.caller import Caller
from sandbox.errors import SalesforceError
from sandbox.rows import Record
from sandbox.schema import ObjectSchema


def assign_owner(caller: Caller, schema: ObjectSchema, record: Record, given: Record) -> None:
    """Set the owner: the assignment rule's, the given one, else the running user.

    The rule runs for leads unless the request says `Sforce-Auto-Assign: FALSE`, on creates and
    updates alike (REST API guide, Assignment Rule Header).
    """
    if schema.field("OwnerId") is None:
        return
    rule_owner = caller.org.settings.assignment_owner
    if schema.name == "Lead" and rule_owner and caller.auto_assign:
        record["OwnerId"] = rule_owner
        return
    if record.get("OwnerId") is None:
        record["OwnerId"] = caller.user_id
    if given.get("OwnerId"):
        check_owner(caller, schema, record["OwnerId"])


def check_owner(caller: Caller, schema: ObjectSchema, owner_id: str) -> None:
    """Refuse an inactive user, and a group that is no queue for this object."""
    row = caller.rows.get(caller.org, owner_id)
    if row is None:
        raise SalesforceError(
            "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields=["OwnerId"]
        )
    if row.object == "User" and not row.data.get("IsActive"):
        raise SalesforceError(
            "INACTIVE_OWNER_OR_USER",
            f"operation performed with inactive user [{owner_id[:15]}] as owner of "
            f"{schema.name.lower()}",
            fields=["OwnerId"],
        )
    if row.object == "Group" and not _is_queue_for(caller, owner_id, schema.name):
        raise SalesforceError(
            "FIELD_INTEGRITY_EXCEPTION",
            "Queue not associated with this SObject type",
            fields=["OwnerId"],
        )


def _is_queue_for(caller: Caller, group_id: str, name: str) -> bool:
    return bool(caller.rows.find(caller.org, "QueueSobject", QueueId=group_id, SobjectType=name))
