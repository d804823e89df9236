"""Names of Salesforce's objects and field types, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from flask_babel import format_decimal
from flask_babel import gettext as _

from core.objects import ACCOUNT, CONTACT, LEAD, OPPORTUNITY, TASK
from core.reasons import Reason

_NUMBERS = frozenset({"used", "most", "allowed", "left", "seconds"})
_OBJECTS = frozenset({"objects", "counts", "rules", "types"})
_AT_THE_START = re.compile(r"(?:^|(?<=[,;] ))\w+(?=$|[,:;])")
"""Of a list such as `Lead, Contact` or `Lead: 5; Contact: 7`."""


def object_names() -> dict[str, str]:
    return {
        LEAD: _("Lead"),
        CONTACT: _("Contact"),
        ACCOUNT: _("Account"),
        OPPORTUNITY: _("Opportunity"),
        TASK: _("Call record (Task)"),
    }


def named(reason: Reason) -> Reason:
    """Of a pre-flight: its numbers and objects as people of the page's language write them."""
    return reason.naming(**dict(_named(reason)))


def _named(reason: Reason) -> Iterator[tuple[str, str]]:
    names = object_names()
    for key, value in reason.params.items():
        if key in _NUMBERS:
            yield key, format_decimal(Decimal(value))
        elif key in _OBJECTS:
            yield key, _AT_THE_START.sub(lambda found: names.get(found[0], found[0]), value)


def type_names() -> dict[str, str]:
    """Salesforce's field types in everyday words."""
    text, number = _("text"), _("number")
    return {
        "string": text,
        "textarea": text,
        "combobox": text,
        "encryptedstring": text,
        "phone": _("phone"),
        "url": _("web address"),
        "email": _("e-mail"),
        "boolean": _("checkbox"),
        "int": number,
        "double": number,
        "currency": _("money"),
        "percent": _("percent"),
        "date": _("date"),
        "datetime": _("date and time"),
        "picklist": _("list"),
        "multipicklist": _("list"),
    }
