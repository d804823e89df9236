"""Fields that an org has only when something is switched on: our package, person accounts."""

from functools import cache
from typing import Any


def _text(name: str, label: str, length: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "string", "label": label, "length": length, **more}


_KEY = {"custom": True, "externalId": True, "idLookup": True, "unique": True}
_CALL_ID = _text("UniTalk_Call_Id__c", "UniTalk Call Id", 64, caseSensitive=True, **_KEY)
_CLIENT_KEY = _text("UniTalk_Key__c", "UniTalk Key", 64, caseSensitive=True, **_KEY)
_EXTERNAL_LINE = _text("UniTalk_External_Line__c", "UniTalk External Line", 255, custom=True)

_PACKAGE: dict[str, list[dict[str, Any]]] = {
    "Task": [_CALL_ID, _EXTERNAL_LINE],
    "Event": [_CALL_ID, _EXTERNAL_LINE],
    "Lead": [_CLIENT_KEY],
    "Contact": [_CLIENT_KEY],
    "Opportunity": [_CLIENT_KEY],
}


@cache
def package_fields(namespace: str) -> dict[str, list[dict[str, Any]]]:
    """The package's fields by object, named as a package with that namespace ("": none) has them.

    Source: Apex guide, "Namespace Prefix": outside of the package its fields are
    `namespace__Field__c` and nothing else.
    """
    start = f"{namespace}__" if namespace else ""
    return {
        name: [{**field, "name": start + field["name"]} for field in fields]
        for name, fields in _PACKAGE.items()
    }


# An object has it as soon as it has a record type.
RECORD_TYPE_ID: dict[str, Any] = {
    "name": "RecordTypeId",
    "type": "reference",
    "label": "Record Type ID",
    "length": 18,
    "defaultedOnCreate": True,
    "permissionable": False,
    "referenceTo": ["RecordType"],
    "relationshipName": "RecordType",
}

_READ_ONLY = {"createable": False, "updateable": False}
_IS_PERSON = {
    "name": "IsPersonAccount",
    "type": "boolean",
    "label": "Is Person Account",
    "nillable": False,
    "defaultedOnCreate": True,
    "permissionable": False,
    **_READ_ONLY,
}

# Account field → field of the mirrored contact.
PERSON_MIRROR = {
    "LastName": "LastName",
    "FirstName": "FirstName",
    "Salutation": "Salutation",
    "Phone": "Phone",
    "PersonMobilePhone": "MobilePhone",
    "PersonHomePhone": "HomePhone",
    "PersonOtherPhone": "OtherPhone",
    "PersonAssistantPhone": "AssistantPhone",
    "PersonEmail": "Email",
    "PersonTitle": "Title",
}

PERSON_FIELDS: dict[str, list[dict[str, Any]]] = {
    "Contact": [_IS_PERSON],
    "Account": [
        _IS_PERSON,
        {
            "name": "PersonContactId",
            "type": "reference",
            "label": "Contact ID",
            "length": 18,
            "referenceTo": ["Contact"],
            "relationshipName": "PersonContact",
            **_READ_ONLY,
        },
        _text("LastName", "Last Name", 80),
        _text("FirstName", "First Name", 40),
        _text("Salutation", "Salutation", 40),
        {"name": "PersonMobilePhone", "type": "phone", "label": "Mobile", "length": 40},
        {"name": "PersonHomePhone", "type": "phone", "label": "Home Phone", "length": 40},
        {"name": "PersonOtherPhone", "type": "phone", "label": "Other Phone", "length": 40},
        {"name": "PersonAssistantPhone", "type": "phone", "label": "Asst. Phone", "length": 40},
        {"name": "PersonEmail", "type": "email", "label": "Email", "length": 80},
        _text("PersonTitle", "Title", 80),
    ],
}
