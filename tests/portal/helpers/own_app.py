"""An app of the customer's own: registered, typed in, pressed."""

import html
import re
from typing import Any

from werkzeug.test import TestResponse

from tests.portal.helpers.client import Visitor
from tests.portal.helpers.org import ORIGIN, Salesforce

FORM = {
    "flow": "client_credentials",
    "my_domain": ORIGIN,
    "client_id": "acme-own-app",
    "client_secret": "own-secret",
}
RUN_AS = {"org": "Acme", "username": "anna@acme.example"}


def own(salesforce: Salesforce, **changed: Any) -> None:
    """Register the customer's app in the stand-in."""
    app = {"client_id": FORM["client_id"], "client_secret": "own-secret", "scopes": ["api", "id"]}
    salesforce.control("POST", "/apps", **{**app, "client_credentials_user": RUN_AS, **changed})


def choose(owner: Visitor, **changed: Any) -> TestResponse:
    owner.get("/salesforce")
    return owner.post("/salesforce/environment", **{**FORM, **changed})


def press(owner: Visitor, **form: Any) -> TestResponse:
    """Connect, and the page it ends on."""
    owner.get("/salesforce")
    assert owner.post("/salesforce/connect", **form).location == owner.at("/salesforce")
    return owner.get("/salesforce")


def told(answer: TestResponse, field: str) -> str:
    """What stands beside a field of the form."""
    found = re.search(rf'id="{field}-error">(.*?)</p>', answer.text)
    return html.unescape(found[1]) if found else ""
