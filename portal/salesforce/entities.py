"""The main block: what calls create, and what happens to what is there already."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core import phone
from core.models import Account
from core.policy import EACH_ITS_OWN, ClosedOpportunity, ConvertedLead, Mode, Policy
from portal.salesforce import reading
from portal.salesforce.block import Block
from portal.salesforce.examples import example_call, example_text, variable_names
from portal.salesforce.org_view import OrgView
from portal.salesforce.saving import Answer, common
from portal.salesforce.setting import Setting, choice, number, select, switch
from portal.salesforce.words import isolated
from portal.web.named import Words

OUTGOING = {
    Mode.LEADS: _l("Create leads on outgoing calls"),
    Mode.CONTACTS: _l("Create contacts on outgoing calls"),
    Mode.OPPORTUNITIES: _l("Create contacts and opportunities on outgoing calls"),
}
"""The manual's own label of the switch, by mode."""
ACCOUNTS = {
    "": _l("None"),
    reading.ONE_FOR_ALL: _l("One for all"),
    EACH_ITS_OWN: _l("One of its own for each"),
}
OF_ACCOUNTS = {
    "": _l(
        "Private in Salesforce, whatever is shared there: only the owner, administrators and who"
        " may view all contacts see the contact and its calls."
    ),
    reading.ONE_FOR_ALL: _l("Seen by whoever may see that account's contacts in Salesforce."),
    EACH_ITS_OWN: _l(
        "Created with the contact, for the same owner. Who sees them, sharing in Salesforce says."
    ),
}
"""Who sees such a contact. Source: Salesforce Help, 000384762, "Unable to See Some Contacts"."""


def _with_leads(policy: Policy) -> bool:
    return policy.mode is Mode.LEADS


def _with_contacts(policy: Policy) -> bool:
    return policy.mode is not Mode.LEADS


def _with_opportunities(policy: Policy) -> bool:
    return policy.mode is Mode.OPPORTUNITIES


def block(_account: Account) -> dict[str, Any]:
    """Variables of `_entities.html`."""
    shared = common(BLOCK)
    policy, org = shared["policy"], shared["org"]
    return {
        **shared,
        "variables": variable_names(),
        "example": example_text(policy.opportunity_name, policy, org),
        "account": _account_choice(policy, shared["answer"]),
        "contact_name": phone.display(example_call(policy).client_number, policy.region),
    }


def _account_choice(policy: Policy, answer: Answer) -> str:
    """The key of ACCOUNTS that is marked: as saved, or beside what was refused."""
    if "contact_account_id" in answer.errors:
        return reading.ONE_FOR_ALL
    saved = policy.contact_account_id
    return saved if saved in ACCOUNTS else reading.ONE_FOR_ALL


def _stages(policy: Policy, org: OrgView) -> list[tuple[str, str]]:
    """The org's open stages, and the one chosen even if the org has it no more."""
    stages = [("", _("The first open stage")), *((one.name, one.label) for one in org.open_stages)]
    if policy.open_stage not in dict(stages):
        stages.append((policy.open_stage, policy.open_stage))
    return stages


def _stage_in_words(stage: str, org: OrgView) -> str:
    return isolated(org.stage_name(stage)) if stage else _("The first open stage")


def _outgoing(policy: Policy) -> Words:
    """The manual's words; partly, where calls that were answered do otherwise than the others."""
    words = OUTGOING[policy.mode]
    if policy.grid.creates_on_outgoing is None:
        return _("%(switch)s: partly, see “Which calls are written”", switch=words)
    return words


SETTINGS = (
    choice(
        "mode",
        _l("What calls create"),
        {
            Mode.LEADS: _l("Leads"),
            Mode.CONTACTS: _l("Contacts"),
            Mode.OPPORTUNITIES: _l("Contacts and opportunities"),
        },
        {
            Mode.LEADS: _l("A new number becomes a lead."),
            Mode.CONTACTS: _l("A new number becomes a contact."),
            Mode.OPPORTUNITIES: _l("A new number becomes a contact with an opportunity."),
        },
    ),
    choice(
        "converted_lead",
        _l("If the lead was already converted"),
        {
            ConvertedLead.CREATE: _l("Create a new lead"),
            ConvertedLead.IGNORE: _l("Ignore the call"),
        },
        is_shown=_with_leads,
    ),
    switch(
        "known_contact_first",
        _l("A known contact comes first"),
        _l("If the number belongs to a contact, the call is logged there and no lead is created."),
        is_shown=_with_leads,
    ),
    Setting(
        "contact_account_id",
        _l("Account for new contacts"),
        reading.account_of_contacts,
        lambda value, _org: str(ACCOUNTS.get(value, value)),
        details={"options": ACCOUNTS, "hints": OF_ACCOUNTS},
        is_shown=_with_contacts,
    ),
    choice(
        "closed_opportunity",
        _l("If the opportunity is closed"),
        {
            ClosedOpportunity.REOPEN: _l("Reopen it"),
            ClosedOpportunity.CREATE: _l("Create a new opportunity"),
        },
        is_shown=_with_opportunities,
    ),
    select(
        "open_stage",
        _l("Stage of new and reopened opportunities"),
        reading.open_stage,
        _stage_in_words,
        _stages,
        is_shown=_with_opportunities,
    ),
    number("close_in_days", _l("Days until the close date"), 0, 3650, is_shown=_with_opportunities),
    Setting(
        "opportunity_name",
        _l("Name of new opportunities"),
        reading.opportunity_name,
        is_shown=_with_opportunities,
    ),
    switch(
        "create_on_outgoing",
        _l("Create records on outgoing calls"),
        label_on_page=_outgoing,
        apply=lambda policy, create: policy.with_grid(policy.grid.with_create_on_outgoing(create)),
    ),
)
BLOCK = Block("entities", block, SETTINGS, shows=("kinds", "region"))
