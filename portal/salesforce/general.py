"""What holds for every call: numbers left alone, fields searched, country, time, language."""

from __future__ import annotations

from typing import Any

import phonenumbers
from babel import Locale
from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from core import phone
from core.languages import LANGUAGES
from core.models import Account
from core.policy import Policy
from core.store.ceilings import API_CEILING
from portal.salesforce.block import Block, bp
from portal.salesforce.controls import controls_of
from portal.salesforce.names import object_names
from portal.salesforce.reading import Refused
from portal.salesforce.saving import common, org_of_request, refuse, save
from portal.web.services import store
from portal.web.who import account_required

SETTINGS = (
    "excluded_numbers",
    "phone_fields",
    "region",
    "time_zone",
    "language",
    API_CEILING,
)
MOST_NUMBERS = 1000


def block(account: Account) -> dict[str, Any]:
    """Variables of `_general.html`."""
    shared = common("general", SETTINGS)
    region = shared["policy"].region
    return {
        **shared,
        "numbers": [(one, phone.display(one, region)) for one in shared["policy"].excluded_numbers],
        "objects": object_names(),
        "connection": store().connections.get(account.id),
        "phone_fields": org_of_request().phone_fields,
        "regions": regions(str(get_locale())),
        "languages_of_records": LANGUAGES,
    }


BLOCK = Block("general", block)
controls_of(BLOCK, SETTINGS)


def regions(language: str) -> list[tuple[str, str]]:
    """Every country with telephone numbers: code and name, by name."""
    territories = Locale.parse(language).territories
    names = ((code, territories.get(code, code)) for code in phonenumbers.SUPPORTED_REGIONS)
    return sorted(names, key=lambda one: one[1])


@bp.post("/general/numbers/add")
@account_required
def add_number() -> Response:
    """One number, or several separated by commas, semicolons or new lines."""
    typed = request.form.get("number", "").replace(";", ",").replace("\n", ",").split(",")
    wanted = [one.strip() for one in typed if one.strip()][:MOST_NUMBERS]
    if not wanted:
        return refuse(BLOCK, "number", _("Enter a telephone number."))

    def add(policy: Policy) -> Policy:
        found = {one: phone.e164(one, policy.region) for one in wanted}
        wrong = [one for one, number in found.items() if number is None]
        if wrong:
            raise Refused(_("This is not a telephone number: %(typed)s", typed=wrong[0][:64]))
        numbers = tuple(dict.fromkeys((*policy.excluded_numbers, *filter(None, found.values()))))
        if len(numbers) > MOST_NUMBERS:
            raise Refused(_("At most %(most)s numbers.", most=MOST_NUMBERS))
        return policy.model_copy(update={"excluded_numbers": numbers})

    return save(BLOCK, "number", add, SETTINGS)


@bp.post("/general/numbers/remove")
@account_required
def remove_number() -> Response:
    number = request.form.get("number", "")

    def remove(policy: Policy) -> Policy:
        left = tuple(one for one in policy.excluded_numbers if one != number)
        return policy.model_copy(update={"excluded_numbers": left})

    return save(BLOCK, "removed", remove, SETTINGS)
