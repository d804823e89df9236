"""What naughty strings leave behind: shown escaped, exported as text, and no secret in a log."""

import logging
import re
import sys
from io import StringIO

import pytest
import structlog
from flask import Flask

from core.logs import configure_logs
from core.policy import LineRow
from core.store import Store
from core.store.policies import Actor
from tests.portal.helpers.client import Visitor
from tests.portal.helpers.naughty import MARK


def test_what_naughty_people_leave_behind_is_shown_escaped(
    owner: Visitor, store: Store, support: Visitor
):
    store.accounts.create("naughty", MARK)
    person = store.accounts.add_person("bobby@tables.example", MARK)
    store.accounts.join("acme", person.id, "member")
    store.accounts.join("naughty", person.id, "owner")
    support.get("/support/acme")
    support.post("/support/acme/visit", person="bobby@tables.example", reason=MARK)
    support.get("/salesforce")
    support.post("/support/leave")
    owner.client.get(owner.at("/salesforce"), headers={"User-Agent": MARK})
    pages = [owner.get(one).text for one in ("/people", "/access", "/me")]
    pages += [support.get(one).text for one in ("/support", "/support/naughty", "/support/acme")]
    for page in pages:
        assert MARK not in page
    assert "&lt;script&gt;" in pages[0]


SECRETS = {
    "token": "00D000000000001!AQEAQabcdefghijklmnop",
    "key": "ut_abcdefghijklmnopqrstuvwxyz012345",
    "number": "380501234567",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_an_error_tells_no_secret(
    app: Flask, nobody: Visitor, monkeypatch: pytest.MonkeyPatch, secret: str
):
    """Neither the page nor the log, though the exception and the address hold it."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.view_functions["forgotten.choose"] = lambda key: 1 / 0 if key else key
    written = StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    configure_logs()
    plain = logging.StreamHandler(written)
    logging.getLogger().addHandler(plain)
    try:
        answer = nobody.get(f"/password/{secret}")
    finally:
        logging.getLogger().removeHandler(plain)
        structlog.reset_defaults()
    assert answer.status_code == 500
    assert "request failed" in written.getvalue()
    assert secret not in answer.text
    assert secret not in written.getvalue()


def test_exports_start_no_formula(owner: Visitor, store: Store):
    lines = (LineRow(line="=1+1", user_id="005000000000001AAA"),)
    store.policies.edit("acme", Actor(), lambda now: now.model_copy(update={"lines": lines}))
    text = owner.get("/salesforce/lines.csv").text
    assert "1+1" in text
    assert not re.search(r"(^|[,;\n\t]\"?)[=+@-]", text.lstrip("\ufeff"))
