"""What holds for every call: numbers left alone, fields searched, country, time, language."""

from __future__ import annotations

from typing import Any

import phonenumbers
from babel import Locale
from flask import request
from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core import phone
from core.languages import LANGUAGES
from core.models import Account
from core.policy import Policy
from core.store.ceilings import API_CEILING
from portal.salesforce import reading
from portal.salesforce.block import Block
from portal.salesforce.names import object_names
from portal.salesforce.org_view import OrgView
from portal.salesforce.reading import Refused
from portal.salesforce.saving import common, org_of_request, refuse, save
from portal.salesforce.setting import Setting, one_of, select
from portal.salesforce.words import field_name
from portal.web.connection import current_connection

MOST_NUMBERS = 1000


def block(_account: Account) -> dict[str, Any]:
    """Variables of `_general.html`."""
    shared = common(BLOCK)
    region = shared["policy"].region
    return {
        **shared,
        "numbers": [(one, phone.display(one, region)) for one in shared["policy"].excluded_numbers],
        "objects": object_names(),
        "connection": current_connection(),
        "phone_fields": org_of_request().phone_fields,
    }


def _regions(_policy: Policy, org: OrgView) -> list[tuple[str, str]]:
    """Every country with telephone numbers: code and name, by name."""
    names = ((code, _region(code, org)) for code in phonenumbers.SUPPORTED_REGIONS)
    return sorted(names, key=lambda one: one[1])


def _region(code: str, _org: OrgView) -> str:
    return str(Locale.parse(str(get_locale())).territories.get(code, code))


def _phone_field(name: str, org: OrgView) -> str:
    object_name, field = name.split(".", 1)
    return field_name(object_name, field, org)


NUMBERS = Setting(
    "excluded_numbers",
    _l("Excluded numbers"),
    in_words=lambda number, _org: phone.display(number, ""),
)
PHONE_FIELDS = Setting(
    "phone_fields", _l("Phone fields to search"), reading.phone_fields, _phone_field
)
CEILING = Setting(
    API_CEILING,
    _l("Daily API call limit"),
    in_words=lambda most, _org: format_decimal(most) if most else _("80 % of the org’s"),
)
SETTINGS = (
    NUMBERS,
    PHONE_FIELDS,
    select(
        "region",
        _l("Country of your numbers"),
        reading.one_of(phonenumbers.SUPPORTED_REGIONS),
        _region,
        _regions,
        _l("Numbers written without a country code are read as numbers of this country."),
    ),
    Setting("time_zone", _l("Time zone"), reading.time_zone),
    select(
        "language",
        _l("Language of records"),
        reading.one_of(LANGUAGES),
        one_of(LANGUAGES),
        lambda _policy, _org: LANGUAGES.items(),
        _l(
            "The language of what is written into Salesforce. Independent of the language of this"
            " cabinet."
        ),
    ),
    CEILING,
)
BLOCK = Block("general", block, SETTINGS)


@BLOCK.post("/numbers/add", NUMBERS)
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

    return save(BLOCK, "number", add)


@BLOCK.post("/numbers/remove", NUMBERS)
def remove_number() -> Response:
    number = request.form.get("number", "")

    def remove(policy: Policy) -> Policy:
        left = tuple(one for one in policy.excluded_numbers if one != number)
        return policy.model_copy(update={"excluded_numbers": left})

    return save(BLOCK, "removed", remove)
