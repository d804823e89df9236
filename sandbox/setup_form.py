"""The form of the setup page: what it offers, and the settings that a filled one asks for."""

from dataclasses import replace
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from sandbox.control_settings import check_settings
from sandbox.org import Org
from sandbox.settings import SHARED, DuplicateRule, OrgSettings

SWITCHES = {
    "person_accounts": "Person accounts",
    "api_enabled": "API enabled",
    "view_setup": "Users may view setup and configuration",
    "rotation": "Refresh tokens rotate",
    "storage_full": "Storage full",
    "active": "Org active",
}
POLICIES = {
    "installed": "Installed, users may approve it",
    "not_installed": "External client app not installed",
    "uninstalled": "Uninstalled connected app",
    "blocked": "Blocked by the administrator",
    "not_approved": "Only pre-approved users, and none is",
}
SHARING = {
    "public": "everybody reads and edits them",
    "private": "nobody but their owner sees them",
}
_LEAD_PHONES = ["Lead.Phone", "Lead.MobilePhone"]
_CONTACT_PHONES = ["Contact.Phone", "Contact.MobilePhone", "Contact.HomePhone"]
_CONTACT_PHONES += ["Contact.OtherPhone", "Contact.AssistantPhone"]
ENCRYPTABLE = [*_LEAD_PHONES, *_CONTACT_PHONES]
HIDEABLE = [*ENCRYPTABLE, "Contact.AccountId", "Task.WhoId", "Task.WhatId", "Task.Description"]
COUNTED = ["Lead", "Contact", "Account"]
REGION = {
    "name": "Region__c",
    "type": "string",
    "label": "Region",
    "length": 255,
    "nillable": False,
    "custom": True,
}


def has_region(settings: OrgSettings) -> bool:
    """Whether leads have the required custom field that the page offers."""
    return any(field["name"] == REGION["name"] for field in settings.custom_fields.get("Lead", []))


def read_form(org: Org, form: MultiDict[str, str]) -> OrgSettings:
    """The settings as the form has them; what it does not offer stays. Raises BadRequest."""
    before = org.settings
    if form.get("app_policy") not in POLICIES:
        raise BadRequest("no such policy")
    switches: dict[str, Any] = {name: name in form for name in SWITCHES}
    try:
        settings = replace(
            before,
            **switches,
            package="package" in form,
            namespace=form.get("namespace", before.namespace).strip(),
            package_version=form.get("package_version", before.package_version).strip(),
            app_policy=form["app_policy"],
            duplicate_rules=_duplicate_rules(form.get("duplicates", "off")),
            assignment_owner=form.get("assignment_owner") or None,
            sharing=form.get("sharing", before.sharing),
            view_all=[name for name in SHARED if name in form.getlist("view_all")],
            hidden_fields=_ticked(before.hidden_fields, HIDEABLE, form.getlist("hidden")),
            encrypted_fields=_ticked(
                before.encrypted_fields, ENCRYPTABLE, form.getlist("encrypted")
            ),
            custom_fields=_custom_fields(before, "region" in form),
            record_counts=_counts(before, form),
        )
        settings.check_types()
        check_settings(Org(org.id, org.name, settings), form)
    except ValueError as error:
        raise BadRequest(str(error)) from error
    return settings


def _duplicate_rules(action: str) -> list[DuplicateRule]:
    return [
        DuplicateRule(object=name, action=action, against=["Lead", "Contact"])
        for name in ("Lead", "Contact")
        if action in {"alert", "block"}
    ]


def _ticked(before: list[str], offered: list[str], chosen: list[str]) -> list[str]:
    """The chosen ones, and those from before that the page does not offer."""
    return [path for path in before if path not in offered] + [p for p in offered if p in chosen]


def _custom_fields(before: OrgSettings, wanted: bool) -> dict[str, list[dict[str, Any]]]:
    leads = [f for f in before.custom_fields.get("Lead", []) if f["name"] != REGION["name"]]
    leads += [REGION] if wanted else []
    others = {name: fields for name, fields in before.custom_fields.items() if name != "Lead"}
    return {**others, "Lead": leads} if leads else others


def _counts(before: OrgSettings, form: MultiDict[str, str]) -> dict[str, int]:
    given = {name: form.get(f"count_{name}", "").strip() for name in COUNTED}
    others = {name: number for name, number in before.record_counts.items() if name not in COUNTED}
    return others | {name: int(number) for name, number in given.items() if number}
