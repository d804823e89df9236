"""Looking up: one number, one lead of it, and the read with all that a test leaves out."""

from datetime import date

from core.facts import Facts, OrgShape
from core.policy import Policy
from core.salesforce.lookup import look_up
from tests.core.salesforce.helpers.scripted import Salesforce, client_of
from tests.core.salesforce.helpers.shapes import ANNA, TODAY, shape

NUMBER = "+380501112233"
OTHER = "+380671112233"
WHEN = "2026-11-20T10:00:00.000+0000"
LEAD = "00Q000000000001EAA"
CONTACT = "003000000000001AAA"


def read(
    salesforce: Salesforce,
    chosen: Policy,
    known: OrgShape | None = None,
    numbers: tuple[str, ...] = (NUMBER,),
    keys: tuple[str, ...] = ("275",),
    ids: tuple[str, ...] = (),
    remembered: dict[str, frozenset[str]] | None = None,
    package_since: date | None = None,
) -> Facts:
    return look_up(
        client_of(salesforce),
        known or shape(),
        numbers,
        keys,
        ids,
        chosen,
        ANNA,
        TODAY,
        remembered or {},
        package_since,
    )


def lead(record_id: str = LEAD, **values: object) -> dict[str, object]:
    return {"Id": record_id, "Name": "Ivan", "OwnerId": ANNA, "LastModifiedDate": WHEN, **values}
