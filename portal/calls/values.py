"""Fields of Salesforce's records and what stands in them, as people read them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from core.facts import OrgShape
from core.objects import USER, object_of
from portal.web.connection import current_connection
from portal.web.dates import wall_clock
from portal.web.services import config


def label_of(label: str, kind: str) -> str:
    """What stands there is a name: Salesforce's `Owner ID` is the owner."""
    return label.removesuffix(" ID") if kind == "reference" else label


def in_words(value: Any, name: str, kind: str, shape: OrgShape) -> str:
    """A value of the field of that name; `kind` is Salesforce's type."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and object_of(value) == USER and value in shape.users:
        return shape.users[value].name
    if kind in ("date", "datetime"):
        return wall_clock(str(value))
    if name == "CallDurationInSeconds":
        return _("%(count)s s", count=value)
    return str(value)


def record_link(object_name: str, record_id: str) -> str:
    """The record's page (Salesforce Help, "URL formats in Lightning"); the stand-in has its own."""
    origin = current_connection().instance_url
    if not origin:
        return ""
    if config().stand_in and origin.startswith(config().stand_in or ""):
        return f"{origin}/{record_id}"
    return f"{origin}/lightning/r/{object_name}/{record_id}/view"
