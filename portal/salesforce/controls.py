"""Single-valued settings: each control of the page, and how what it sends is read.

A new one is a line here, a row in its block's template and a name in `words.py`.
"""

from __future__ import annotations

from flask import abort, request
from werkzeug import Response

from core.policy import ClosedOpportunity, ConvertedLead, Mode, Policy
from portal.salesforce import reading
from portal.salesforce.block import Block, bp
from portal.salesforce.reading import Reader, Refused
from portal.salesforce.saving import org_of_request, refuse, save, show_news
from portal.web.who import account_required

CONTROLS: dict[str, Reader] = {
    "mode": reading.one_of(Mode),
    "converted_lead": reading.one_of(ConvertedLead),
    "known_contact_first": reading.flag,
    "contact_account_id": reading.record_of_account,
    "closed_opportunity": reading.one_of(ClosedOpportunity),
    "open_stage": reading.open_stage,
    "close_in_days": reading.whole_number(0, 3650),
    "opportunity_name": reading.opportunity_name,
    "create_on_outgoing": reading.flag,
    "missed_task_due_minutes": reading.whole_number(1, 60 * 24 * 30),
    "default_responsible": reading.user_or_nobody,
    "phone_fields": reading.phone_fields,
    "region": reading.region,
    "time_zone": reading.time_zone,
    "language": reading.language,
}


def controls_of(block: Block, settings: tuple[str, ...]) -> None:
    """Give the block a route for each control, POST /salesforce/<block>/set/<name>, and one that
    tells a tab which stood open what was changed since.

    Args:
        settings: every setting that the block shows, its lists among them.
    """

    @bp.post(f"/{block.name}/set/<name>", endpoint=f"{block.name}_set")
    @account_required
    def set_control(name: str) -> Response:
        if name not in settings or name not in CONTROLS:
            abort(404)
        try:
            value = CONTROLS[name](request.form, org_of_request())
        except Refused as refusal:
            return refuse(block, name, str(refusal))

        def change(policy: Policy) -> Policy:
            return policy.model_copy(update={name: value})

        return save(block, name, change, settings)

    @bp.get(f"/{block.name}", endpoint=f"{block.name}_news")
    @account_required
    def tell_news() -> Response:
        return show_news(block, settings)
