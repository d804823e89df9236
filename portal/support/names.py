"""What support may ask for, by endpoint, as the customer knows it from the pages."""

from __future__ import annotations

from flask_babel import gettext

from core.models import AuditEntry
from portal.salesforce.names import setting_names

PARTS = {
    "salesforce": "salesforce.page",
    "calls": "calls.journal",
    "preview": "preview.form",
    "team": "team.page",
    "keys": "keys.page",
    "me": "me.page",
    "factor": "me.page",
    "audit": "audit.page",
    "demo": "demo.page",
}
"""By blueprint, the page its other routes belong to."""

SETTINGS = {
    "salesforce.switch": "enabled",
    "salesforce.set_ceiling": "api_ceiling",
    "salesforce.add_number": "excluded_numbers",
    "salesforce.remove_number": "excluded_numbers",
    "salesforce.add_line": "lines",
    "salesforce.give_line": "lines",
    "salesforce.remove_line": "lines",
    "salesforce.import_lines": "lines",
    "salesforce.export_lines": "lines",
    "salesforce.add_responsible": "missed_calls",
    "salesforce.add_turn": "missed_calls",
    "salesforce.remove_turn": "missed_calls",
    "salesforce.remove_row": "missed_calls",
    "salesforce.add_own_field": "own_fields",
    "salesforce.change_own_field": "own_fields",
    "salesforce.remove_own_field": "own_fields",
    "salesforce.choose_object": "own_fields",
    "salesforce.show_example": "own_fields",
}
"""The setting that a route of the settings page is about."""


def place_name(entry: AuditEntry) -> str:
    """Where something was asked for: a page, with the setting; the path of what is none."""
    endpoint, path = entry.params.get("endpoint", ""), entry.params.get("path", "")
    names = page_names()
    page = names.get(endpoint) or names.get(PARTS.get(endpoint.partition(".")[0], "")) or path
    return ", ".join(filter(None, (page, _setting(endpoint, path))))


def _setting(endpoint: str, path: str) -> str:
    setting = SETTINGS.get(endpoint, "")
    if endpoint.endswith("_set"):
        setting = path.rpartition("/")[2]
    return setting_names().get(setting, "")


def page_names() -> dict[str, str]:
    """By endpoint, the page's name as the navigation has it."""
    return {
        "salesforce.page": gettext("Salesforce settings"),
        "salesforce.history": gettext("Settings history"),
        "salesforce.undo": gettext("Settings history"),
        "preview.form": gettext("What a call would do"),
        "calls.journal": gettext("Calls"),
        "calls.show": gettext("A call"),
        "calls.again": gettext("A call"),
        "audit.page": gettext("Access log"),
        "audit.visit": gettext("Support visit"),
        "team.page": gettext("People"),
        "keys.page": gettext("Intake keys"),
        "me.page": gettext("Password and sign-in"),
        "demo.page": gettext("Send a demo call"),
        "index": gettext("Start"),
    }


def button_names() -> dict[str, str]:
    """By endpoint, the words on the button that was pressed."""
    return {
        "calls.again": gettext("Try again"),
        "calls.all_again": gettext("Try again"),
        "preview.show": gettext("Show"),
        "demo.send": gettext("Send the call"),
        "salesforce.read_org": gettext("Refresh"),
        "salesforce.undo": gettext("Undo"),
        "salesforce.import_lines": gettext("Import"),
        "salesforce.export_lines": gettext("Export to CSV"),
        "salesforce.start": gettext("Connect"),
        "salesforce.end": gettext("Disconnect"),
        "team.invite": gettext("Invite"),
        "team.remove": gettext("Remove"),
        "keys.issue": gettext("Issue a key"),
        "keys.end": gettext("Revoke"),
    }
