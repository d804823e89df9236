"""Strings nobody should send: no door breaks, no page runs them, no log keeps secrets."""

import json
import logging
import re
import sys
from io import StringIO

import pytest
import schemathesis
import structlog
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.schemas import APIOperation, BaseSchema

from core.config import Config
from core.logs import configure_logs
from core.policy import LineRow
from core.store import Store
from core.store.policies import Actor
from portal import create_app
from portal.extensions import limiter
from tests.events import event
from tests.portal.client import Visitor

MARK = '<script>alert("naughty")</script>'
NAUGHTY = [
    MARK,
    "{{ 7 * 7 }}",
    "' OR 1=1 --",
    "%00\x00%s%n",
    "\u202eevil\u202c\ufeff",
    "𝕿𝖍𝖊 👩‍👩‍👧‍👦 Ω≈ç√",
    "=HYPERLINK(1)",
    "a" * 70_000,
    "\r\nSet-Cookie: a=b",
    "../../etc/passwd",
]
TEXT = st.text(max_size=300) | st.sampled_from(NAUGHTY)
LENIENT = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

FORMS = [
    ("owner", "/people/invite", ("email", "name", "role")),
    ("owner", "/people/remove", ("email",)),
    ("owner", "/people/role", ("email", "role")),
    ("owner", "/keys/end", ("key",)),
    ("owner", "/me/password", ("present", "password")),
    ("owner", "/me/sessions/end", ("session",)),
    ("owner", "/me/second-factor", ("code",)),
    ("support", "/support/acme/visit", ("person", "reason")),
    ("nobody", "/sign-in", ("email", "password", "next")),
    ("nobody", "/sign-in/code", ("code",)),
    ("nobody", "/forgotten", ("email",)),
    ("nobody", "/language", ("language",)),
]


@pytest.fixture
def unlimited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Without a form's token and without limits: what is behind them must hold by itself."""
    app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(limiter, "enabled", False)
    return app


@pytest.mark.parametrize(("visitor", "path", "fields"), FORMS, ids=[path for _, path, _ in FORMS])
def test_no_form_breaks(
    request: pytest.FixtureRequest, unlimited: Flask, visitor: str, path: str, fields: tuple[str]
):
    sender = request.getfixturevalue(visitor)

    @LENIENT
    @given(st.fixed_dictionaries(dict.fromkeys(fields, TEXT)))
    def send(form: dict[str, str]) -> None:
        answer = sender.client.post(path, data={"seat": sender.seat, **form})
        assert answer.status_code < 500
        assert MARK not in answer.text

    send()


@pytest.mark.parametrize("path", ["/support?q=", "/support?state=", "/support/", "/password/"])
def test_no_address_breaks(support: Visitor, path: str):
    @LENIENT
    @given(TEXT)
    def ask(text: str) -> None:
        url = path.rstrip("=") if "?" in path else path
        if "?" in path:
            base, _, name = url.partition("?")
            answer = support.client.get(base, query_string={name: text[:2000]})
        else:
            answer = support.client.get(url + text[:200].replace("?", "").replace("#", ""))
        assert answer.status_code < 500
        assert MARK not in answer.text

    ask()


ADDRESSES = TEXT | st.sampled_from(
    [
        "http://[",
        "//℀.com",
        "//[::1",
        "http://]/",
        "/\\[",
        "http://a@[b]/",
        "/a\ud800",
        "///x",
        "/\tx",
    ]
)


@pytest.mark.parametrize("way", ["next", "Referer", "HX-Current-URL"])
def test_no_address_to_come_back_to_breaks(
    nobody: Visitor, unlimited: Flask, way: str, owner: Visitor
):
    """Of a page asked for, of the page before, and of the page that HTMX names."""
    partial = {"HX-Request": "true", "HX-Request-Type": "partial"}

    @LENIENT
    @given(ADDRESSES)
    def send(address: str) -> None:
        latin = address[:2000].encode("utf-8", "ignore").decode("latin-1").strip("\r\n\0 ")
        header = "".join(letter for letter in latin if letter not in "\r\n\0")
        if way == "next":
            asked = {"next": address[:2000].encode("utf-8", "ignore").decode()}
            answers = [nobody.client.get("/sign-in", query_string=asked)]
            answers.append(owner.client.get("/sign-in", query_string=asked))
        else:
            headers = {way: header, **(partial if way == "HX-Current-URL" else {})}
            answers = [nobody.client.post("/language", data={"language": "en"}, headers=headers)]
            answers.append(nobody.client.get("/calls", headers=headers))
        for answer in answers:
            assert answer.status_code < 500, address
            target = answer.headers.get("HX-Redirect", answer.location) or "/"
            assert target.startswith("/"), address
            assert not target.startswith(("//", "/\\")), address

    send()


@pytest.mark.parametrize(
    "path", ["/sign-in?next=%00", "/support?q=a%00", "/access%00", "/me?%00=1"]
)
def test_a_nul_is_refused_before_any_database_sees_it(support: Visitor, path: str):
    assert support.get(path).status_code == 400


@pytest.mark.parametrize("text", ["\x00", "\ud800", "\u202e", "\x1b[2J"])
def test_telephony_may_send_any_character(app: Flask, store: Store, text: str):
    key = store.accounts.issue_key("acme")
    fields = ("from", "to", "outerNumber", "link", "lastGroupName", "state", "source", "dbid")
    for number, field in enumerate(fields):
        answer = app.test_client().post(
            "/api/calls",
            data=json.dumps(event(**{"dbid": number, field: text})),
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}"},
        )
        assert answer.status_code in (200, 202, 400), field


HUGE = "9" * 30
NAMES = """
    value user user_id line external_line name text number numbers object field template when seen
    enabled environment my_domain client_id client_secret ceiling state q from to page cursor
    direction kind door duration answered date mode
"""
FIELDS = NAMES.split()


def test_no_setting_and_no_call_breaks(owner: Visitor, unlimited: Flask):
    """Every route of the settings, the journal and the preview, whatever stands in its form."""
    naughty = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, TEXT))
    for rule in unlimited.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] not in ("salesforce", "calls", "preview", "demo"):
            continue
        (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        ids = {name: HUGE if "_id" in name else "a'\"<b>%00" for name in rule.arguments}
        path = unlimited.url_map.bind("localhost").build(rule.endpoint, ids, method)
        given_to(owner, method, path, naughty)


def given_to(visitor: Visitor, method: str, path: str, naughty: st.SearchStrategy) -> None:
    @settings(LENIENT, max_examples=8)
    @given(naughty)
    def send(form: dict[str, str]) -> None:
        asked = {name: value[:2000] for name, value in form.items()}
        form = {"seat": visitor.seat, **form}
        sent = {"query_string": asked} if method == "GET" else {"data": form}
        answer = visitor.client.open(path, method=method, **sent)
        assert answer.status_code < 500, path
        assert MARK not in answer.text

    send()


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
    owner.client.get("/salesforce", headers={"User-Agent": MARK})
    pages = [owner.get(one).text for one in ("/people", "/access", "/me")]
    pages += [support.get(one).text for one in ("/support", "/support/naughty", "/support/acme")]
    for page in pages:
        assert MARK not in page
    assert "&lt;script&gt;" in pages[0]


@pytest.fixture
def schema(config: Config, store: Store, monkeypatch: pytest.MonkeyPatch) -> BaseSchema:
    monkeypatch.setattr(limiter, "enabled", False)
    app = create_app(config.model_copy(update={"admin_key": "admin-secret"}), store)
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


def test_programs_doors_keep_their_word(schema: BaseSchema, store: Store):
    """Whatever schemathesis makes of the description: no 5xx, and no undeclared answer."""
    keys = {"/api/admin": "admin-secret", "/api/calls": store.accounts.issue_key("acme")}
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 7
    for operation in operations:
        key = next(key for start, key in keys.items() if operation.path.startswith(start))
        fuzz(operation, key)


def fuzz(operation: APIOperation, key: str) -> None:
    declared = set(operation.definition.raw["responses"])

    @settings(LENIENT, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy())
    def send(case: schemathesis.Case) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code < 500
        # An empty or slashed name in an address leads to no route at all.
        assert str(answer.status_code) in declared | {"404", "405"}

    send()


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


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "127.0.0.1:6379",
        "https://acme.my.salesforce.com@evil.example",
        "https://evil.example/.my.salesforce.com",
        "https://acme.my.salesforce.com.evil.example",
        "file:///etc/passwd",
        "https://[::1]/",
        "gopher://acme.my.salesforce.com",
        "https://acme.my.salesforce.com:8443",
    ],
)
def test_no_address_leads_our_server_astray(owner: Visitor, store: Store, address: str):
    owner.get("/salesforce")
    owner.post("/salesforce/environment", environment="my_domain", my_domain=address)
    assert store.connections.get("acme").my_domain == ""


def test_exports_start_no_formula(owner: Visitor, store: Store):
    lines = (LineRow(line="=1+1", user_id="005000000000001AAA"),)
    store.policies.edit("acme", Actor(), lambda now: now.model_copy(update={"lines": lines}))
    text = owner.get("/salesforce/lines.csv").text
    assert "1+1" in text
    assert not re.search(r"(^|[,;\n\t]\"?)[=+@-]", text.lstrip("\ufeff"))
