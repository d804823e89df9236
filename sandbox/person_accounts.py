"""Person accounts: an account that is a person, and the contact that mirrors it."""

from sandbox.caller import Caller
from sandbox.errors import SalesforceError
from sandbox.features import PERSON_MIRROR
from sandbox.rows import Record

_PERSON_ONLY = set(PERSON_MIRROR) - {"Phone"}


def refuse_person_contact(contact: Record) -> None:
    """The mirrored contact is not written directly."""
    if contact.get("IsPersonAccount"):
        raise SalesforceError(
            "INVALID_PERSON_ACCOUNT_OPERATION",
            "Cannot change the contact of a person account; change the account",
            fields=[],
        )


def complete_account(caller: Caller, record: Record, given: Record, before: Record | None) -> None:
    """Make the Name of a person from its parts, and refuse to turn one kind into the other."""
    if not caller.org.settings.person_accounts:
        return
    is_person = bool(before.get("IsPersonAccount")) if before else bool(given.get("LastName"))
    record["IsPersonAccount"] = is_person
    wrong = {"Name"} & given.keys() if is_person else _PERSON_ONLY & given.keys()
    if wrong:
        raise SalesforceError(
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            f"Unable to create/update fields: {', '.join(sorted(wrong))}.",
            fields=sorted(wrong),
        )
    if is_person:
        parts = [record.get("FirstName"), record.get("LastName")]
        record["Name"] = " ".join(filter(None, parts))


def mirror_contact(caller: Caller, account: Record) -> None:
    """Create or renew the contact of a stored person account."""
    contacts, accounts = caller.org.object("Contact"), caller.org.object("Account")
    if not account.get("IsPersonAccount") or contacts is None or accounts is None:
        return
    mirrored = {theirs: account.get(ours) for ours, theirs in PERSON_MIRROR.items()}
    same = ("Name", "OwnerId", "CreatedDate", "CreatedById", "LastModifiedDate")
    mirrored |= {name: account.get(name) for name in (*same, "LastModifiedById", "SystemModstamp")}
    mirrored |= {"AccountId": account["Id"], "IsPersonAccount": True, "IsDeleted": False}
    row = caller.rows.get(caller.org, account.get("PersonContactId"))
    if row:
        caller.rows.replace(contacts, {**row.data, **mirrored})
    else:
        account["PersonContactId"] = caller.rows.insert(caller.org, contacts, mirrored)
        caller.rows.replace(accounts, account)
