"""Long lists to choose from, sent once somebody is about to choose: users, fields, time zones.

Without JavaScript nothing is offered, and what is typed is understood all the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template

from portal.salesforce import names
from portal.salesforce.block import bp
from portal.salesforce.org_view import field_label
from portal.salesforce.saving import org_of_request
from portal.salesforce.zones import time_zones
from portal.web.who import account_required, current_policy


@bp.get("/org/users")
@account_required
def offer_users() -> str:
    """Active users, by name."""
    org = org_of_request()
    return _options((org.user_name(user.id), "") for user in org.choice_of_users)


@bp.get("/org/fields/<object_name>")
@account_required
def offer_fields(object_name: str) -> str:
    """The object's fields that a call could fill, with their types; none of an unknown object."""
    types = names.type_names()
    fields = org_of_request().fields_to_fill(object_name)
    return _options((field_label(one), types.get(one.type, one.type)) for one in fields)


@bp.get("/general/time_zones")
@account_required
def offer_time_zones() -> str:
    """Those of the account's country first."""
    return _options((name, "") for name in time_zones(current_policy().region))


def _options(options: Iterable[tuple[str, str]]) -> str:
    """A value and a word about it each."""
    return render_template("salesforce/_options.html", options=options)
