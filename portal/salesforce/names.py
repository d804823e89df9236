"""Names of the settings and of their choices, in the reader's language and the manual's words."""

from __future__ import annotations

from flask_babel import gettext as _

from core.objects import CONTACT, LEAD, OPPORTUNITY, TASK
from core.policy import ClosedOpportunity, ConvertedLead, Mode, When


def setting_names() -> dict[str, str]:
    """By setting, its name as the page shows it."""
    return {
        "enabled": _("Write calls to Salesforce"),
        "mode": _("What calls create"),
        "converted_lead": _("If the lead was already converted"),
        "known_contact_first": _("A known contact comes first"),
        "contact_account_id": _("Account for new contacts"),
        "closed_opportunity": _("If the opportunity is closed"),
        "open_stage": _("Stage of new and reopened opportunities"),
        "close_in_days": _("Days until the close date"),
        "opportunity_name": _("Name of new opportunities"),
        "create_on_outgoing": _("Create records on outgoing calls"),
        "missed_calls": _("Responsible for missed calls"),
        "missed_task_due_minutes": _("Call back within"),
        "lines": _("SIP numbers and employees"),
        "default_responsible": _("Default responsible"),
        "own_fields": _("Own fields"),
        "excluded_numbers": _("Excluded numbers"),
        "phone_fields": _("Phone fields to search"),
        "region": _("Country of your numbers"),
        "time_zone": _("Time zone"),
        "language": _("Language of records"),
        "api_ceiling": _("Daily API call limit"),
    }


def mode_names() -> dict[str, str]:
    return {
        Mode.LEADS: _("Leads"),
        Mode.CONTACTS: _("Contacts"),
        Mode.OPPORTUNITIES: _("Contacts and opportunities"),
    }


def mode_hints() -> dict[str, str]:
    return {
        Mode.LEADS: _("A new number becomes a lead."),
        Mode.CONTACTS: _("A new number becomes a contact."),
        Mode.OPPORTUNITIES: _("A new number becomes a contact with an opportunity."),
    }


def converted_lead_names() -> dict[str, str]:
    return {
        ConvertedLead.CREATE: _("Create a new lead"),
        ConvertedLead.IGNORE: _("Ignore the call"),
    }


def closed_opportunity_names() -> dict[str, str]:
    return {
        ClosedOpportunity.REOPEN: _("Reopen it"),
        ClosedOpportunity.CREATE: _("Create a new opportunity"),
    }


def outgoing_names() -> dict[str, str]:
    """The manual's own label of the switch, by mode."""
    return {
        Mode.LEADS: _("Create leads on outgoing calls"),
        Mode.CONTACTS: _("Create contacts on outgoing calls"),
        Mode.OPPORTUNITIES: _("Create contacts and opportunities on outgoing calls"),
    }


def object_names() -> dict[str, str]:
    return {
        LEAD: _("Lead"),
        CONTACT: _("Contact"),
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


def when_names() -> dict[str, str]:
    return {When.CREATE: _("When a record is created"), When.EVERY_CALL: _("On every call")}
