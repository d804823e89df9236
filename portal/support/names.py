"""What support asked for, as the customer knows it from the pages: said beside each route."""

from __future__ import annotations

from core.models import AuditEntry
from portal.salesforce.blocks import SETTINGS
from portal.web.named import Words, name_of


def place_name(entry: AuditEntry) -> str:
    """Where something was asked for: a page, with the setting; the path of what is none."""
    endpoint, path = entry.params.get("endpoint", ""), entry.params.get("path", "")
    names = name_of(endpoint)
    about = names.about or _control(endpoint, path)
    return ", ".join(str(one) for one in (names.page or path, about) if one)


def button_name(entry: AuditEntry) -> str:
    return str(name_of(entry.params.get("endpoint", "")).button)


def _control(endpoint: str, path: str) -> Words:
    """The setting that ends the address of a control."""
    name = path.rpartition("/")[2] if endpoint.endswith("_set") else ""
    return next((one.label for one in SETTINGS if one.name == name), "")
