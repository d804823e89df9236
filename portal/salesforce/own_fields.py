"""Own fields: which of the customer's fields a call fills, with what, and when."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.models import Account
from core.objects import WITH_OWN_FIELDS
from core.own_fields import check
from core.policy import OwnField, Policy, When
from portal.salesforce import names
from portal.salesforce.block import Block
from portal.salesforce.examples import (
    example_of,
    example_text,
    trouble_in_words,
    variable_names,
)
from portal.salesforce.org_view import OrgView
from portal.salesforce.reading import Refused
from portal.salesforce.saving import (
    Answer,
    Change,
    answer_with,
    common,
    org_of_request,
    refuse,
    save,
)
from portal.salesforce.setting import Setting
from portal.salesforce.words import field_name
from portal.web.who import current_policy

WHENS = {When.CREATE: _l("When a record is created"), When.EVERY_CALL: _l("On every call")}
LONGEST_TEMPLATE = 1000
MOST_ROWS = 100


def block(_account: Account) -> dict[str, Any]:
    """Variables of `_own_fields.html`."""
    shared = common(BLOCK)
    org, policy = shared["org"], shared["policy"]
    chosen, answer = request.values.get("object", ""), shared["answer"]
    template = answer.typed.get("template", "") if "add" in answer.errors else ""
    return {
        **shared,
        "rows": [_row(own, policy, org) for own in policy.own_fields],
        "objects": names.object_names(),
        "with_own_fields": WITH_OWN_FIELDS,
        "object": chosen if chosen in WITH_OWN_FIELDS else WITH_OWN_FIELDS[0],
        "whens": WHENS,
        "types": names.type_names(),
        "variables": variable_names(),
        "example": example_text(template, policy, org),
    }


def _in_words(own: OwnField, org: OrgView) -> str:
    when = str(WHENS[own.when])
    when = when[:1].lower() + when[1:]
    return f"{field_name(own.object, own.field, org)} = {own.template} ({when})"


OWN_FIELDS = Setting("own_fields", _l("Own fields"), in_words=_in_words)
BLOCK = Block("own_fields", block, (OWN_FIELDS,))


def _row(own: OwnField, policy: Policy, org: OrgView) -> dict[str, Any]:
    trouble = check(own, org.shape, policy) if org.seen_at else None
    info = org.shape.fields.get(own.object, {}).get(own.field)
    return {
        "own": own,
        "label": org.label_of(own.object, own.field),
        "type": info.type if info else "",
        "example": example_of(own, policy, org),
        "trouble": trouble_in_words(trouble, own, org) if trouble else "",
    }


@BLOCK.get("/choose", OWN_FIELDS)
def choose_object() -> Response:
    """The block again, offering the fields of another object."""
    return answer_with(BLOCK, Answer())


@BLOCK.post("/example", OWN_FIELDS)
def show_example() -> Response:
    """What the template being typed would write."""
    policy = current_policy()
    template = request.form.get("template", "")[:LONGEST_TEMPLATE]
    text = example_text(template, policy, org_of_request())
    return make_response(render_template("salesforce/_example.html", example=text))


@BLOCK.post("/add", OWN_FIELDS)
def add_own_field() -> Response:
    try:
        own = own_field_of_form(request.form.get("field", ""), request.form.get("object", ""))
    except Refused as refusal:
        return refuse(BLOCK, "add", str(refusal))
    return save(BLOCK, own.name, adding(own))


def adding(own: OwnField) -> Change:
    """The change that adds a row."""

    def add(policy: Policy) -> Policy:
        others = [one for one in policy.own_fields if one.name != own.name]
        if len(others) >= MOST_ROWS:
            raise Refused(_("At most %(most)s rows.", most=MOST_ROWS))
        if len(others) < len(policy.own_fields) and own not in policy.own_fields:
            raise Refused(_("This field is in the table already; change its row."))
        return policy.model_copy(
            update={"own_fields": tuple(dict.fromkeys((*policy.own_fields, own)))}
        )

    return add


@BLOCK.post("/<object_name>/<field>", OWN_FIELDS)
def change_own_field(object_name: str, field: str) -> Response:
    """Another template or moment for a row."""
    name = f"{object_name}.{field}"
    try:
        own = own_field_of_form(field, object_name)
    except Refused as refusal:
        return refuse(BLOCK, name, str(refusal))

    def change(policy: Policy) -> Policy:
        if name not in {one.name for one in policy.own_fields}:
            raise Refused(_("Somebody removed this row meanwhile."))
        rows = tuple(own if one.name == name else one for one in policy.own_fields)
        return policy.model_copy(update={"own_fields": rows})

    return save(BLOCK, name, change)


@BLOCK.post("/<object_name>/<field>/remove", OWN_FIELDS)
def remove_own_field(object_name: str, field: str) -> Response:
    def remove(policy: Policy) -> Policy:
        rows = tuple(one for one in policy.own_fields if one.name != f"{object_name}.{field}")
        return policy.model_copy(update={"own_fields": rows})

    return save(BLOCK, "removed", remove)


def own_field_of_form(field: str, object_name: str) -> OwnField:
    """The row that a form describes, once it is sure that it can work. Raises Refused."""
    org = org_of_request()
    template = request.form.get("template", "").replace("\0", "").strip()
    if object_name not in WITH_OWN_FIELDS:
        raise Refused(_("Choose one of the options."))
    if len(template) > LONGEST_TEMPLATE:
        raise Refused(_("At most %(most)s characters.", most=LONGEST_TEMPLATE))
    found = org.find_field(object_name, field)
    if found is None:
        raise Refused(_("Choose a field from the list."))
    when = When.EVERY_CALL if request.form.get("when") == When.EVERY_CALL else When.CREATE
    own = OwnField(object=object_name, field=found, template=template, when=when)
    policy = current_policy()
    if trouble := check(own, org.shape, policy):
        raise Refused(trouble_in_words(trouble, own, org))
    return own
