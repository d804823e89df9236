"""Connect, in every way it can end, and the rest of the connection card."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from core.connection import ConnectionState
from core.plan import Reason
from core.store.database import utc_now
from core.texts import reason_codes, say
from tests.portal.client import Visitor
from tests.portal.org import Salesforce


def go_to_salesforce(visitor: Visitor, **form: str) -> str:
    """Press Connect; returns the address the browser is led to."""
    visitor.get("/salesforce")
    answer = visitor.post("/salesforce/connect", **form)
    assert answer.status_code == 200
    return html.unescape(re.search(r"url=([^\"]+)\"", answer.text)[1])


def connect(visitor: Visitor, salesforce: Salesforce, org: str = "", **form: str):
    """The whole way; returns the settings page it ends on."""
    back = salesforce.consent(go_to_salesforce(visitor, **form), org)
    assert visitor.get(back).location == "/salesforce"
    return visitor.get("/salesforce")


def test_connect_with_consent_and_see_org_and_user(owner, salesforce, store):
    page = connect(owner, salesforce)
    connection = store.connections.get("acme")
    assert connection.state is ConnectionState.ACTIVE
    assert connection.org_name
    assert html.escape(connection.org_name) in page.text
    assert html.escape(connection.user_name) in page.text
    assert "pill-idle" in page.text  # connected, still off


def test_with_htmx_the_browser_is_led_away_by_a_header(owner):
    owner.get("/salesforce")
    answer = owner.post("/salesforce/connect", htmx=True)
    assert answer.headers["HX-Redirect"].startswith("http://127.0.0.1:9/services/oauth2/authorize")


def test_the_request_carries_state_and_a_pkce_challenge(owner):
    query = parse_qs(urlsplit(go_to_salesforce(owner)).query)
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["state"][0]) >= 20
    assert query["redirect_uri"] == ["http://127.0.0.1:8000/salesforce/callback"]


def trouble(page) -> str:
    """Which sentence of `core.texts` the alert on the card shows; empty without an alert."""
    found = re.search(r'role="alert">\s*<p>(.*?)</p>', page.text)
    if not found:
        return ""
    words = html.unescape(found[1])
    return next(code for code in reason_codes() if _fits(code, words))


def _fits(code: str, words: str) -> bool:
    sentence = say(Reason(code), "en")
    return code.startswith("connection.") and all(p in words for p in sentence.split("…"))


@pytest.fixture(autouse=True)
def in_english(app, store):
    person = store.accounts.person_by_email("owner@acme.example")
    store.accounts.set_language(person.id, "en")


def test_denied(owner, salesforce, store):
    owner.get(salesforce.consent(go_to_salesforce(owner), press="deny"))
    page = owner.get("/salesforce")
    assert trouble(page) == "connection.denied"
    assert store.connections.get("acme").state is ConnectionState.NONE
    assert trouble(owner.get("/salesforce")) == ""  # said once


def test_an_answer_with_another_state_is_not_believed(owner, salesforce, store):
    back = salesforce.consent(go_to_salesforce(owner))
    owner.get(re.sub(r"state=[^&]+", "state=forged", back))
    assert trouble(owner.get("/salesforce")) == "connection.state"
    assert store.connections.get("acme").state is ConnectionState.NONE


def test_another_persons_browser_cannot_use_the_answer(owner, visit, salesforce, store):
    back = salesforce.consent(go_to_salesforce(owner))
    visit("stranger").get(back)
    assert store.connections.get("other").state is ConnectionState.NONE


def test_a_consent_after_a_quarter_of_an_hour_is_too_old(owner, salesforce):
    back = salesforce.consent(go_to_salesforce(owner))
    with owner.client.session_transaction() as session:
        session["consent"] = {**session["consent"], "began": session["consent"]["began"] - 901}
    owner.get(back)
    assert trouble(owner.get("/salesforce")) == "connection.code_expired"


def test_a_code_that_salesforce_no_longer_takes(owner, salesforce):
    back = salesforce.consent(go_to_salesforce(owner))
    owner.get(re.sub(r"code=[^&]+", "code=used", back))
    assert trouble(owner.get("/salesforce")) == "connection.code_expired"


def test_a_repeated_answer_changes_nothing_and_frightens_nobody(owner, salesforce, store):
    back = salesforce.consent(go_to_salesforce(owner))
    owner.get(back)
    owner.get(back)
    assert trouble(owner.get("/salesforce")) == ""
    assert store.connections.get("acme").state is ConnectionState.ACTIVE


def test_an_org_without_api(owner, salesforce, store):
    org = salesforce.orgs()[0]
    salesforce.control("PATCH", f"/orgs/{org}/settings", api_enabled=False)
    page = connect(owner, salesforce)
    assert trouble(page) == "connection.api_disabled"
    assert store.connections.get("acme").state is ConnectionState.NONE


def test_another_org_must_be_confirmed(owner, salesforce, store):
    salesforce.control("POST", "/orgs", name="Second")
    connect(owner, salesforce, salesforce.orgs()[0])
    first = store.connections.get("acme").org_id
    page = connect(owner, salesforce, "Second")
    assert trouble(page) == "connection.another_org"
    assert store.connections.get("acme").org_id == first
    assert 'name="replace_org" value="1"' in page.text
    page = connect(owner, salesforce, "Second", replace_org="1")
    assert trouble(page) == ""
    assert store.connections.get("acme").org_name == "Second"


def test_a_wrong_secret(owner, salesforce):
    owner.get("/salesforce")
    owner.post(
        "/salesforce/environment",
        environment="production",
        client_id="product-client",
        client_secret="wrong",
    )
    assert trouble(connect(owner, salesforce)) == "connection.client_secret"


def test_salesforce_out_of_reach(owner, salesforce, store):
    back = salesforce.consent(go_to_salesforce(owner))
    salesforce.line.cut = True
    owner.get(back)
    assert trouble(owner.get("/salesforce")) == "connection.unreachable"


@pytest.mark.parametrize(
    ("domain", "words"),
    [
        ("http://169.254.169.254/", "must start with https"),
        ("acme.my.salesforce.com.evil.example", "does not belong to Salesforce"),
        ("acme.lightning.force.com", "not the My Domain"),
        ("a b", "not an address"),
        ("", "not an address"),
    ],
)
def test_only_salesforces_hosts_are_taken(owner, store, domain, words):
    owner.get("/salesforce")
    answer = owner.post("/salesforce/environment", environment="my_domain", my_domain=domain)
    assert answer.status_code == 422
    assert words in html.unescape(answer.text)
    assert store.connections.get("acme").my_domain == ""


def test_an_own_app_on_a_my_domain_is_used(owner, store):
    owner.get("/salesforce")
    answer = owner.post(
        "/salesforce/environment",
        environment="my_domain",
        my_domain="acme.my.salesforce.com/home",
        client_id="mine",
        client_secret="hush",
    )
    assert answer.status_code == 303
    address = urlsplit(go_to_salesforce(owner))
    assert address.netloc == "acme.my.salesforce.com"
    assert parse_qs(address.query)["client_id"] == ["mine"]
    assert store.connections.client_secret("acme") == "hush"
    assert "hush" not in owner.get("/salesforce").text


def test_the_environment_of_a_living_connection_stays(owner, salesforce, store):
    connect(owner, salesforce)
    assert owner.post("/salesforce/environment", environment="sandbox").status_code == 422


def test_switching_on_shows_the_other_blocks_and_off_hides_them(owner, salesforce, store):
    connect(owner, salesforce)
    answer = owner.post("/salesforce/switch", htmx=True, enabled="1")
    assert 'aria-checked="true"' in answer.text
    assert store.policies.get("acme").enabled
    answer = owner.post("/salesforce/switch", htmx=True, enabled="0")
    assert 'aria-checked="false"' in answer.text
    assert [one.setting for one in store.policies.history("acme")] == ["enabled", "enabled"]


def test_disconnecting_revokes_and_wipes(owner, salesforce, store):
    connect(owner, salesforce)
    owner.post("/salesforce/disconnect")
    page = owner.get("/salesforce")
    assert "Salesforce has withdrawn our access" in page.text
    assert store.connections.tokens("acme") is None


def test_disconnecting_says_when_salesforce_could_not_be_told(owner, salesforce, store):
    connect(owner, salesforce)
    salesforce.line.cut = True
    answer = owner.post("/salesforce/disconnect", htmx=True)
    assert "our keys are destroyed" in answer.text
    assert store.connections.tokens("acme") is None


def test_a_dead_connection_shows_why_and_the_one_button_that_helps(owner, salesforce, store):
    connect(owner, salesforce)
    store.connections.died("acme", "connection.inactive_user", {"code": "inactive_user"})
    page = owner.get("/salesforce")
    assert trouble(page) == "connection.inactive_user"
    assert "pill-bad" in page.text
    assert 'id="switch"' not in page.text


def test_a_pause_says_until_when(owner, salesforce, store):
    connect(owner, salesforce)
    owner.post("/salesforce/switch", enabled="1")
    store.connections.paused("acme", utc_now(), "connection.limit", {})
    page = owner.get("/salesforce")
    assert trouble(page) == "connection.limit"
    assert "Next try at" in page.text


@pytest.mark.parametrize("path", ["connect", "environment", "disconnect", "connect/cancel"])
def test_members_cannot_touch_the_connection(member, path):
    member.get("/salesforce")
    assert member.post(f"/salesforce/{path}").status_code == 403

