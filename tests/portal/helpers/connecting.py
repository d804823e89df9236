"""The way to Salesforce's consent and back, and what the connection card says of it."""

import html
import re

from werkzeug.test import TestResponse

from core.reasons import DECLARED, stored
from core.texts import say
from tests.portal.helpers.client import Visitor
from tests.portal.helpers.looks import await_looks
from tests.portal.helpers.org import Salesforce


def go_to_salesforce(visitor: Visitor, *, account: str = "", **form: str) -> str:
    """Press Connect; returns the address the browser is led to."""
    visitor.get(f"{account}/salesforce")
    answer = visitor.post(f"{account}/salesforce/connect", htmx=False, **form)
    assert answer.status_code == 200
    found = re.search(r'class="btn btn-primary" href="([^"]+)"', answer.text)
    assert found
    return html.unescape(found[1])


def connect(visitor: Visitor, salesforce: Salesforce, org: str = "", **form: str) -> TestResponse:
    """The whole way; returns the settings page it ends on."""
    back = salesforce.consent(go_to_salesforce(visitor, **form), org)
    assert visitor.get(back).location == visitor.at("/salesforce")
    await_looks(visitor)
    return visitor.get("/salesforce")


def trouble(page: TestResponse) -> str:
    """Which sentence of `core.texts` the alert on the card shows; empty without an alert."""
    card = page.text.partition('id="connection"')[2].partition("</section>")[0]
    found = re.search(r'role="alert">\s*<p>(.*?)</p>', card)
    if not found:
        return ""
    words = html.unescape(found[1].replace("<wbr>", ""))
    return next(code for code in DECLARED if _fits(code, words))


def _fits(code: str, words: str) -> bool:
    sentence = say(stored(code, {}), "en")
    return code.startswith(("connection.", "app.")) and all(p in words for p in sentence.split("…"))
