"""Where people begin, what tells accounts apart, and where addresses of old lead."""

import re

import pytest

from core.config import Config
from core.notices import mails
from core.reasons import stored
from core.store import Store
from tests.portal.helpers.accounts import ACME, OTHER, create
from tests.portal.helpers.calls import hand_over
from tests.portal.helpers.client import Visitor
from tests.portal.helpers.markup import parse
from tests.portal.helpers.orgs import connect
from tests.portal.support.test_visit import enter


@pytest.fixture
def both(store: Store) -> int:
    """The owner of `acme` belongs to `other`, too."""
    person = store.accounts.person_by_email("owner@acme.example")
    store.accounts.set_language(person.id, "en")
    store.accounts.join("other", person.id, "member")
    return person.id


def begin(visitor: Visitor) -> str:
    return visitor.client.get("/").location


def test_who_has_one_account_begins_there(visit):
    assert begin(visit("member")) == f"{ACME}/salesforce"
    assert begin(visit("stranger")) == f"{OTHER}/salesforce"


def test_who_has_several_chooses_once_and_comes_back_to_the_one_used_last(visit, both: int):
    owner = visit("owner")
    assert begin(owner) == "/accounts"
    page = owner.get("/accounts").text
    assert set(re.findall(r'href="(/a/[^"]+)"><strong>', page)) == {
        f"{ACME}/salesforce",
        f"{OTHER}/salesforce",
    }
    owner.get(f"{OTHER}/calls")
    assert begin(owner) == f"{OTHER}/salesforce"
    assert begin(visit("owner")) == f"{OTHER}/salesforce"
    owner.get(f"{ACME}/calls")
    assert begin(visit("owner")) == f"{ACME}/salesforce"


def test_a_part_of_a_page_that_renews_itself_is_no_use(visit, both: int):
    owner = visit("owner")
    owner.get(f"{OTHER}/calls")
    owner.get(f"{ACME}/calls", htmx=True)
    assert begin(owner) == f"{OTHER}/salesforce"


def test_an_account_used_last_that_one_left_is_nobodys_beginning(visit, store: Store, both: int):
    owner = visit("owner")
    owner.get(f"{OTHER}/calls")
    store.members.remove("other", both)
    assert begin(owner) == f"{ACME}/salesforce"


def test_who_has_none_reads_so(visit, store: Store):
    member = visit("member")
    store.members.remove("acme", store.accounts.person_by_email("member@acme.example").id)
    assert begin(member) == "/accounts"
    assert member.get("/accounts").status_code == 200
    assert member.get(f"{ACME}/salesforce").status_code == 404


def test_support_begins_with_the_search_or_in_the_account_it_visits(support: Visitor):
    assert begin(support) == "/support"
    enter(support)
    assert begin(support) == f"{ACME}/salesforce"


def hints(visitor: Visitor) -> dict[str, str]:
    """By its address, what the list says of each account beside its name."""
    page = visitor.get("/accounts").text
    found = re.findall(
        r'href="(/a/[^/]+)/[^"]*">.*?</a>\s*<span class="quiet">([^<]+)<', page, re.S
    )
    return {address: hint.replace("\u202f", " ") for address, hint in found}


def test_accounts_of_one_name_are_told_apart(visit, store: Store, both: int):
    create(store, "twin", " ACME")
    store.accounts.join("twin", both, "owner")
    connect(store)
    owner = visit("owner")
    assert hints(owner) == {
        ACME: "Owner · Acme",
        OTHER: "Member · Not connected",
        "/a/twin-in-addresses": "Owner · Not connected",
    }
    menu = owner.get(f"{ACME}/calls").text.partition('class="menu-group"')[2].partition("</nav>")[0]
    assert "Owner · Not connected" in menu


def test_every_page_tells_accounts_of_one_name_apart(visit, store: Store, both: int):
    create(store, "twin", " ACME")
    store.accounts.join("twin", both, "owner")
    connect(store)
    owner = visit("owner")
    assert heads(owner) == ["Acme · Owner · Acme", "ACME · Owner · Not connected", "Other"]


def heads(visitor: Visitor) -> list[str]:
    """How each account is called at the head of its pages."""
    found = []
    for account in (ACME, "/a/twin-in-addresses", OTHER):
        page = parse(visitor.get(f"{account}/calls").text, fragment=False)
        (head,) = page.findall(".//*[@class='top-account']")
        found.append(" · ".join(text.strip() for text in head.itertext()))
    return found


def test_what_nothing_else_tells_apart_telephonys_id_does(visit, store: Store, both: int):
    for account_id in ("twin", "triplet"):
        create(store, account_id, "Acme")
        store.accounts.join(account_id, both, "owner")
    found = hints(visit("owner"))
    assert len(set(found.values())) == 4
    assert found["/a/twin-in-addresses"].endswith(" · twin")


OLD = ("/salesforce", "/salesforce/history?before=x", "/calls?state=held", "/people", "/keys")


@pytest.mark.parametrize("address", (*OLD, "/access/visits/none", "/preview", "/demo"))
def test_an_address_of_old_leads_to_the_account_used_last(visit, both: int, address: str):
    owner = visit("owner")
    assert owner.client.get(address).location == "/"
    owner.get(f"{OTHER}/calls")
    assert owner.client.get(address).location == f"{OTHER}{address}"
    owner.get(f"{ACME}/calls")
    assert owner.client.get(address).location == f"{ACME}{address}"


def test_an_old_address_of_a_call_leads_to_the_account_that_has_it(visit, store: Store, both: int):
    owner, here, there = visit("owner"), hand_over(store), hand_over(store, "other", 2)
    create(store, "third", "Third")
    elsewhere = hand_over(store, "third", 3)
    owner.get(f"{OTHER}/calls")
    for call, account in ((here, ACME), (there, OTHER), (elsewhere, OTHER)):
        answer = owner.client.get(f"/calls/{call.public_id}")
        assert answer.location == f"{account}/calls/{call.public_id}"


@pytest.mark.parametrize("address", ["/salesforce/switch", "/calls/again", "/people/remove"])
def test_a_form_that_is_sent_to_an_old_address_does_nothing(owner: Visitor, store, address: str):
    before = store.policies.get("acme")
    form = {"csrf_token": owner.token, "enabled": "1", "email": "member@acme.example"}
    assert owner.client.post(address, data=form).status_code == 405
    assert store.policies.get("acme") == before
    assert store.members.find("acme", "member@acme.example")


def test_a_letter_leads_to_its_own_account(store: Store, config: Config):
    connect(store, "other")
    store.connections.died("other", stored("connection.inactive_user", {}))
    (mail,) = mails(store.notices.claim(), store, config)
    assert f"{config.portal_url}{OTHER}/salesforce" in mail.text
