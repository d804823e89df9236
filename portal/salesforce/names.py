"""Names of Salesforce's objects and field types, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from core.objects import ACCOUNT, CONTACT, LEAD, OPPORTUNITY, TASK


def object_names() -> dict[str, str]:
    return {
        LEAD: _("Lead"),
        CONTACT: _("Contact"),
        ACCOUNT: _("Account"),
        OPPORTUNITY: _("Opportunity"),
        TASK: _("Call record (Task)"),
    }


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
