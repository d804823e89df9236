"""The main block: what calls create, and what happens to what is there already."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from core.models import Account
from core.policy import Mode, Policy
from portal.salesforce import names
from portal.salesforce.block import Block
from portal.salesforce.controls import controls_of
from portal.salesforce.examples import example_text, variable_names
from portal.salesforce.org_view import OrgView
from portal.salesforce.saving import common

SETTINGS = (
    "mode",
    "converted_lead",
    "known_contact_first",
    "contact_account_id",
    "closed_opportunity",
    "open_stage",
    "close_in_days",
    "opportunity_name",
    "create_on_outgoing",
)


def block(_account: Account) -> dict[str, Any]:
    """Variables of `_entities.html`."""
    shared = common("entities", SETTINGS)
    policy, org = shared["policy"], shared["org"]
    return {
        **shared,
        "Mode": Mode,
        "modes": names.mode_names(),
        "mode_hints": names.mode_hints(),
        "stages": _stages(org, policy),
        "converted_leads": names.converted_lead_names(),
        "closed_opportunities": names.closed_opportunity_names(),
        "outgoing": names.outgoing_names()[policy.mode],
        "variables": variable_names(),
        "example": example_text(policy.opportunity_name, policy, org),
    }


def _stages(org: OrgView, policy: Policy) -> list[tuple[str, str]]:
    """The org's open stages, and the one chosen even if the org has it no more."""
    stages = [("", _("The first open stage")), *((one.name, one.label) for one in org.open_stages)]
    if policy.open_stage not in dict(stages):
        stages.append((policy.open_stage, policy.open_stage))
    return stages


BLOCK = Block("entities", block)
controls_of(BLOCK, SETTINGS)
