"""The routes that every block has: one that changes a control, one that tells what is new."""

from __future__ import annotations

from flask import abort, request
from werkzeug import Response

from core.policy import Policy
from portal.salesforce.block import Block, bp
from portal.salesforce.reading import Refused
from portal.salesforce.saving import org_of_request, refuse, save, show_news
from portal.web.who import account_required


def add_controls(block: Block) -> None:
    """POST /salesforce/<block>/set/<name> for each setting with a reader; GET /salesforce/<block>
    tells a tab which stood open what was changed since."""
    known = {one.name: one for one in block.settings if one.reader}

    @bp.post(f"/{block.name}/set/<name>", endpoint=f"{block.name}_set")
    @account_required
    def set_control(name: str) -> Response:
        setting = known.get(name)
        if not (setting and setting.reader):
            abort(404)
        try:
            value = setting.reader(request.form, org_of_request())
        except Refused as refusal:
            return refuse(block, name, str(refusal))

        def change(policy: Policy) -> Policy:
            return setting.changed(policy, value)

        return save(block, name, change)

    @bp.get(f"/{block.name}", endpoint=f"{block.name}_news")
    @account_required
    def tell_news() -> Response:
        return show_news(block)
