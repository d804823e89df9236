"""Connect, in every way it can end, and the rest of the connection card."""

import html
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from core import reasons
from core.connection import ConnectionState
from core.reasons import stored
from core.texts import say
from tests.portal.helpers.accounts import ACME, OTHER
from tests.portal.helpers.connecting import connect, go_to_salesforce, trouble
from tests.portal.helpers.orgs import connect as connected


def test_connect_with_consent_and_see_org_and_user(owner, salesforce, store):
    page = connect(owner, salesforce)
    connection = store.connections.get("acme")
    assert connection.state is ConnectionState.ACTIVE
    assert connection.org_name
    assert html.escape(connection.org_name) in page.text
    assert html.escape(connection.user_name) in page.text
    assert "pill-idle" in page.text  # connected, still off


def test_the_request_carries_state_and_a_pkce_challenge(owner):
    query = parse_qs(urlsplit(go_to_salesforce(owner)).query)
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["state"][0]) >= 20
    assert query["redirect_uri"] == ["http://127.0.0.1:8000/salesforce/callback"]


@pytest.fixture
def both(store) -> None:
    """The owner of `acme` owns `other`, too."""
    person = store.accounts.person_by_email("owner@acme.example")
    store.accounts.join("other", person.id, "owner")


def test_who_has_one_account_reads_which_before_they_click(owner, store):
    """It may be that of somebody who invited them. The page that leads on waits for nobody then."""
    which = "Salesforce will be connected to the account “Acme”."
    assert which in owner.get("/salesforce").text
    page = owner.post("/salesforce/connect").text
    assert "will be connected to the account “Acme”." in page
    assert 'http-equiv="refresh"' in page
    connected(store)
    assert which in owner.get("/salesforce").text, "to connect again may be another org"


def test_with_several_accounts_the_person_reads_which_before_they_leave(owner, both):
    card = owner.get(f"{OTHER}/salesforce").text
    assert "Salesforce will be connected to the account “Other”." in card
    assert 'hx-post="/a/other-in-addresses/salesforce/connect"' not in card
    page = owner.post(f"{OTHER}/salesforce/connect").text
    assert "will be connected to the account “Other”." in page
    assert "Owner · Not connected" in page
    assert 'http-equiv="refresh"' not in page


def test_two_tabs_connect_two_accounts_at_once(owner, salesforce, store, both):
    salesforce.control("POST", "/orgs", name="Second")
    pages = {account: go_to_salesforce(owner, account=account) for account in (ACME, OTHER)}
    for account, org in ((ACME, "Acme"), (OTHER, "Second")):
        back = salesforce.consent(pages[account], org)
        assert owner.get(back).location == f"{account}/salesforce"
    assert store.connections.get("acme").org_name == "Acme"
    assert store.connections.get("other").org_name == "Second"


def test_the_state_says_which_account_is_connected(owner, salesforce, store, both):
    """Not the account used last, and not what stands in the address."""
    back = salesforce.consent(go_to_salesforce(owner, account=OTHER))
    owner.get(f"{ACME}/calls")
    assert owner.get(f"{back}&account=acme-in-addresses").location == f"{OTHER}/salesforce"
    assert store.connections.get("acme").state is ConnectionState.NONE
    assert store.connections.get("other").state is ConnectionState.ACTIVE


@pytest.mark.parametrize("role", ["member", ""])
def test_who_owns_the_account_no_longer_connects_nothing(owner, salesforce, store, both, role):
    back = salesforce.consent(go_to_salesforce(owner, account=OTHER))
    person = store.accounts.person_by_email("owner@acme.example").id
    if role:
        store.members.set_role("other", person, role)
    else:
        store.members.remove("other", person)
    assert owner.get(back).status_code == 403
    assert store.connections.get("other").state is ConnectionState.NONE
    assert store.connections.get("acme").state is ConnectionState.NONE


def test_a_failure_is_told_on_the_page_of_its_account(owner, salesforce, both):
    owner.get(salesforce.consent(go_to_salesforce(owner, account=OTHER), press="deny"))
    assert trouble(owner.get(f"{ACME}/salesforce")) == ""
    assert trouble(owner.get(f"{OTHER}/salesforce")) == "connection.denied"


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


def test_with_several_accounts_an_unknown_state_blames_none_of_them(owner, salesforce, store, both):
    back = salesforce.consent(go_to_salesforce(owner, account=OTHER))
    owner.get(f"{ACME}/calls")
    answer = owner.get(re.sub(r"state=[^&]+", "state=forged", back))
    assert answer.location == "/accounts"
    told = say(reasons.connection.state(), "en")
    assert told in html.unescape(owner.get("/accounts").text)
    for account, account_id in ((ACME, "acme"), (OTHER, "other")):
        assert trouble(owner.get(f"{account}/salesforce")) == ""
        assert store.connections.get(account_id).state is ConnectionState.NONE


def test_another_persons_browser_cannot_use_the_answer(owner, visit, salesforce, store):
    back = salesforce.consent(go_to_salesforce(owner))
    visit("stranger").get(back)
    assert store.connections.get("other").state is ConnectionState.NONE


def test_a_consent_after_a_quarter_of_an_hour_is_too_old(owner, salesforce):
    back = salesforce.consent(go_to_salesforce(owner))
    with owner.client.session_transaction() as session:
        (attempt,) = session["consents"]
        session["consents"] = [{**attempt, "began": attempt["began"] - 901}]
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
    confirmed = re.search(r'name="confirmed_org" value="(\w{18})"', page.text)[1]
    salesforce.control("POST", "/orgs", name="Third")
    page = connect(owner, salesforce, "Third", confirmed_org=confirmed)
    assert trouble(page) == "connection.another_org"
    assert store.connections.get("acme").org_id == first
    page = connect(owner, salesforce, "Second", confirmed_org=confirmed)
    assert trouble(page) == ""
    assert store.connections.get("acme").org_name == "Second"
    assert store.connections.get("acme").org_id == confirmed


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


@pytest.mark.parametrize("path", ["/services/oauth2/token", "/id/", "/services/data"])
def test_salesforce_that_hangs_is_not_waited_for_by_the_minute(owner, salesforce, store, path):
    back = salesforce.consent(go_to_salesforce(owner))
    salesforce.line.stuck = path
    owner.get(back)
    assert trouble(owner.get("/salesforce")) == "connection.unreachable"
    assert 0 < salesforce.line.waited <= 20
    assert store.connections.get("acme").state is ConnectionState.NONE


def test_the_lists_of_the_page_that_comes_next_are_read(owner, salesforce, store):
    connect(owner, salesforce)
    assert store.shapes.get("acme")


def test_a_consent_for_a_few_hours_is_refused(owner, salesforce, store):
    address = go_to_salesforce(owner)
    owner.get(salesforce.consent(address.replace("refresh_token", "")))
    assert trouble(owner.get("/salesforce")) == "connection.no_refresh_token"
    assert store.connections.get("acme").state is ConnectionState.NONE
    assert salesforce.line.asked[-1].path == "/services/oauth2/revoke"


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


def test_a_token_is_revoked_where_it_was_given_whatever_was_chosen_since(owner, salesforce, store):
    connect(owner, salesforce)
    store.connections.died("acme", stored("connection.inactive_user", {}))
    owner.post(
        "/salesforce/environment", environment="my_domain", my_domain="other.my.salesforce.com"
    )
    owner.post("/salesforce/disconnect")
    assert {url.host for url in salesforce.line.asked} == {"127.0.0.1"}
    assert salesforce.line.asked[-1].path == "/services/oauth2/revoke"
    assert "Salesforce has withdrawn our access" in owner.get("/salesforce").text
    introspected = salesforce.control("POST", "/orgs/Acme/revoke")
    assert introspected == {"revoked": 0}, "the approval is gone already"


def test_a_token_that_salesforce_knows_no_more_needs_no_revoking(owner, salesforce, store):
    connect(owner, salesforce)
    salesforce.control("POST", "/orgs/Acme/revoke")
    owner.post("/salesforce/disconnect")
    assert "Salesforce has withdrawn our access" in owner.get("/salesforce").text


def test_a_dead_connection_shows_why_and_the_one_button_that_helps(owner, salesforce, store):
    connect(owner, salesforce)
    store.connections.died("acme", stored("connection.inactive_user", {"code": "inactive_user"}))
    page = owner.get("/salesforce")
    assert trouble(page) == "connection.inactive_user"
    assert "pill-bad" in page.text
    assert 'id="switch"' not in page.text


def test_a_pause_says_until_when(owner, salesforce, store):
    connect(owner, salesforce)
    owner.post("/salesforce/switch", enabled="1")
    store.connections.paused(
        "acme", datetime(2031, 2, 3, 8, tzinfo=UTC), stored("connection.limit", {})
    )
    page = owner.get("/salesforce")
    assert trouble(page) == "connection.limit"
    assert "Next try: 3 Feb 2031, 10:00." in page.text


@pytest.mark.parametrize("path", ["connect", "environment", "disconnect", "connect/cancel"])
def test_members_cannot_touch_the_connection(member, path):
    member.get("/salesforce")
    assert member.post(f"/salesforce/{path}").status_code == 403
