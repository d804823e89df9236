"""Invitations: pending until that person accepts, and telling nothing about who they are."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from core.config import Config
from core.connection import ConnectionState
from core.models import Invitation, Person
from core.store import Store
from core.store.database import utc_now
from tests.portal.helpers.accounts import ACME, OTHER, create
from tests.portal.helpers.calls import hand_over
from tests.portal.helpers.client import Visitor
from tests.portal.helpers.connecting import connect
from tests.portal.helpers.letters import letters, link_in
from tests.portal.helpers.markup import without_token
from tests.portal.helpers.org import Salesforce

NEW = "new@acme.example"
PASSWORD = "long enough for me"
STORED_NAME = "Zoya Quillfeather"
CLIENT = re.compile(r"\D{0,2}".join("671239876"))
"""A client's number, however it is written."""
PAGES = ("/salesforce", "/salesforce/history", "/calls", "/preview", "/people", "/access", "/keys")


@pytest.fixture(autouse=True)
def in_english(store: Store) -> None:
    for name in ("owner", "member", "stranger"):
        store.accounts.set_language(store.accounts.person_by_email(f"{name}@acme.example").id, "en")


def invite(owner: Visitor, email: str, role: str = "member", name: str = ""):
    owner.get("/people")
    answer = owner.post("/people/invite", email=email, role=role, name=name)
    assert answer.location == owner.at("/people")
    return answer


def rename(store: Store, email: str) -> None:
    """From now on they are called STORED_NAME."""
    with store.database.write() as session:
        session.execute(update(Person).where(Person.email == email).values(name=STORED_NAME))


def newest(store: Store, account_id: str = "acme") -> Invitation:
    return store.invitations.of(account_id)[-1]


def events(store: Store, account_id: str = "acme") -> list[str]:
    return [one.action for one in reversed(store.audit.events(account_id, 9))]


def test_somebody_new_chooses_a_password_accepts_and_comes_in(
    owner: Visitor, visit, store: Store, config: Config
):
    invite(owner, "New@Acme.example", name="Нова")
    assert store.accounts.person_by_email(NEW) is None
    (letter,) = letters(config)
    link, visitor = link_in(letter), visit("")
    page = visitor.get(link).text
    assert "Acme" in page
    for text in (letter, page):
        assert "Owner (owner@acme.example)" in text, "a name alone is anybody's"
    assert store.members.find("acme", NEW) is None, "a look accepts nothing"
    assert visitor.post(link, password="short").status_code == 422
    assert store.members.find("acme", NEW) is None
    assert visitor.post(link, password=PASSWORD).location == "/sign-in"
    visitor.sign_in(NEW, PASSWORD)
    assert visitor.get(f"{ACME}/salesforce").status_code == 200
    assert visitor.get(f"{ACME}/people").status_code == 403
    person, role = store.members.find("acme", NEW)
    assert (person.name, role) == ("Нова", "member")
    assert events(store) == ["person.invited", "person.accepted"]
    late = visit("")
    assert late.get(link).status_code == 404
    assert late.post(link, password=PASSWORD).status_code == 404
    assert store.invitations.of("acme") == []


def test_a_known_person_reads_who_invites_and_accepts_on_a_card(
    owner: Visitor, visit, store: Store, config: Config
):
    invite(owner, "stranger@acme.example", "owner")
    (letter,) = letters(config)
    assert "/invitation/" not in letter, "no link sets the password of a known person"
    assert "Owner (owner@acme.example)" in letter
    assert store.members.find("acme", "stranger@acme.example") is None
    stranger = visit("stranger")
    assert stranger.get(f"{ACME}/salesforce").status_code == 404
    assert 'class="note note-info"' in stranger.get(f"{OTHER}/calls").text
    page = stranger.get("/").text
    for words in ("Acme", "Owner", "owner@acme.example"):
        assert words in page
    name = newest(store).name
    assert stranger.get(f"/invitations/{name}/accept").status_code == 405
    assert stranger.post(f"/invitations/{name}/accept").location == f"{ACME}/salesforce"
    assert stranger.get(f"{ACME}/people").status_code == 200
    assert 'class="note note-info"' not in stranger.get(f"{OTHER}/calls").text
    assert stranger.post(f"/invitations/{name}/accept").status_code == 404
    assert "stranger@acme.example accepted the invitation as Owner" in owner.get("/access").text


def test_declining_leaves_nothing_but_a_line_in_the_log(owner: Visitor, visit, store: Store):
    invite(owner, "stranger@acme.example")
    stranger = visit("stranger")
    stranger.get("/")
    assert stranger.post(f"/invitations/{newest(store).name}/decline").location == "/"
    assert store.members.find("acme", "stranger@acme.example") is None
    assert stranger.client.get("/").location == f"{OTHER}/salesforce"
    assert events(store) == ["person.invited", "person.declined"]
    assert store.invitations.of("acme") == []
    assert "stranger@acme.example declined the invitation" in owner.get("/access").text


def test_who_declines_stays_an_address_to_the_account(owner: Visitor, visit, store: Store):
    """On none of its pages stands the name that they gave elsewhere."""
    rename(store, "stranger@acme.example")
    invite(owner, "stranger@acme.example")
    stranger = visit("stranger")
    assert STORED_NAME in stranger.get("/").text
    stranger.post(f"/invitations/{newest(store).name}/decline")
    assert events(store) == ["person.invited", "person.declined"]
    for page in PAGES:
        assert STORED_NAME not in owner.get(page).text, page
    told = "<strong>stranger@acme.example</strong>: stranger@acme.example declined the invitation"
    assert told in owner.get("/access").text


def test_the_page_of_people_tells_nobody_who_is_known(owner: Visitor, store: Store, config: Config):
    """The same answer, the same row; the letters differ, which only their readers see."""
    store.accounts.disable(store.accounts.add_person("gone@acme.example", "Gone", "hash").id)
    pages, answers = [], []
    invited = ("stranger@acme.example", "support@acme.example", "gone@acme.example", NEW)
    for email in invited:
        answers.append(invite(owner, email, name="As typed"))
        page = without_token(owner.get("/people").text)
        pages.append(page.replace(email, "…").replace(newest(store).name, "…"))
        owner.post("/people/withdraw", invitation=newest(store).name)
        owner.get("/people")
    assert len(set(pages)) == 1
    assert "As typed" in pages[0]
    assert {one.location for one in answers} == {f"{ACME}/people"}
    assert len(letters(config)) == 2, "to the stranger, and to somebody new"


def test_another_letter_replaces_the_one_before(owner: Visitor, visit, store: Store, config):
    invite(owner, NEW, "owner", "Nova")
    first = letters(config)[0]
    assert owner.post("/people/invite-again", invitation=newest(store).name).status_code == 303
    (second,) = {*letters(config)} - {first}
    assert len(store.invitations.of("acme")) == 1
    assert visit("").get(link_in(first)).status_code == 404
    visitor = visit("")
    visitor.get(link_in(second))
    visitor.post(link_in(second), password=PASSWORD)
    assert store.members.find("acme", NEW)[1] == "owner"


@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_what_was_withdrawn_or_expired_is_not_to_be_accepted(
    owner: Visitor, visit, store: Store, config: Config, end: str
):
    invite(owner, NEW)
    invite(owner, "stranger@acme.example")
    link = next(link_in(one) for one in letters(config) if "/invitation/" in one)
    stranger, visitor, names = visit("stranger"), visit(""), []
    stranger.get("/")
    visitor.get(link)
    for one in store.invitations.of("acme"):
        names.append(one.name)
        if end == "withdrawn":
            assert owner.post("/people/withdraw", invitation=one.name).status_code == 303
    with store.database.write() as session:
        session.execute(update(Invitation).values(expires_at=utc_now() - timedelta(seconds=1)))
    assert visitor.get(link).status_code == 404
    assert visitor.post(link, password=PASSWORD).status_code == 404
    for name in names:
        assert stranger.post(f"/invitations/{name}/accept").status_code == 404
        assert stranger.post(f"/invitations/{name}/decline").status_code == 404
    assert stranger.client.get("/").location == f"{OTHER}/salesforce"
    assert len(store.members.of("acme")) == 2
    page = owner.get("/people").text
    assert page.count("its time is over") == (2 if end == "expired" else 0)


def test_a_link_opened_as_somebody_else_changes_nothing_and_says_so(
    owner: Visitor, member: Visitor, store: Store, config: Config
):
    invite(owner, NEW)
    link = link_in(letters(config)[0])
    member.get("/salesforce")
    for answer in (member.get(link), member.post(link, password=PASSWORD)):
        assert answer.status_code == 403
        assert NEW in answer.text
        assert "member@acme.example" in answer.text
    assert store.accounts.person_by_email(NEW) is None
    assert len(store.invitations.of("acme")) == 1


def test_a_link_never_sets_the_password_of_somebody_known_meanwhile(
    owner: Visitor, visit, store: Store, config: Config
):
    """Invited to two accounts, they came in by one: the other letter only leads to sign-in."""
    invite(owner, NEW)
    invite(visit("stranger"), NEW)
    links = [link_in(one) for one in letters(config)]
    visitor = visit("")
    visitor.get(links[0])
    visitor.post(links[0], password=PASSWORD)
    hashed = store.accounts.person_by_email(NEW).password_hash
    other = visit("")
    other.get("/sign-in")
    assert other.get(links[1]).location == "/"
    assert other.post(links[1], password="another long one").location == "/"
    assert store.accounts.person_by_email(NEW).password_hash == hashed
    visitor.sign_in(NEW, PASSWORD)
    page = visitor.get("/").text
    (accept,) = re.findall(r'action="(/invitations/[^"]+/accept)"', page)
    assert visitor.post(accept).status_code == 303
    assert visitor.get(f"{ACME}/salesforce").status_code == 200
    assert visitor.get(f"{OTHER}/salesforce").status_code == 200


def test_of_two_links_opened_at_once_the_second_leads_to_sign_in(
    owner: Visitor, visit, store: Store, config: Config
):
    invite(owner, NEW)
    invite(visit("stranger"), NEW)
    visitors = [(visit(""), link_in(one)) for one in letters(config)]
    for visitor, link in visitors:
        assert visitor.get(link).status_code == 200
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: one[0].post(one[1], password=PASSWORD), visitors))
    assert sorted(answer.location for answer in answers) == ["/", "/sign-in"]


def test_nobody_answers_the_invitation_of_another(
    owner: Visitor, member: Visitor, support: Visitor, store: Store
):
    invite(owner, "stranger@acme.example")
    invite(owner, "support@acme.example")
    for visitor in (member, owner, support):
        for one in store.invitations.of("acme"):
            for answer in ("accept", "decline"):
                visitor.get("/me")
                assert visitor.post(f"/invitations/{one.name}/{answer}").status_code == 404
    assert len(store.invitations.of("acme")) == 2
    assert "note-info" not in support.get("/support").text


def test_accepting_takes_no_role_away(owner: Visitor, visit, store: Store):
    """An operator made them an owner meanwhile."""
    invite(owner, "stranger@acme.example", "member")
    person = store.accounts.person_by_email("stranger@acme.example")
    store.accounts.join("acme", person.id, "owner")
    stranger = visit("stranger")
    stranger.get("/")
    stranger.post(f"/invitations/{newest(store).name}/accept")
    assert store.members.find("acme", person.email)[1] == "owner"


def test_letters_are_limited_sent_again_or_not(owner: Visitor, store: Store):
    for number in range(6):
        invite(owner, f"new{number}@acme.example")
    name = newest(store).name
    for _ in range(4):
        assert owner.post("/people/invite-again", invitation=name).status_code == 303
        name = newest(store).name
    assert owner.post("/people/invite-again", invitation=name).status_code == 429
    assert owner.post("/people/invite", email=NEW).status_code == 429


def test_the_old_trap_catches_nobody(app: Flask, visit, store: Store, salesforce: Salesforce):
    """Somebody who knows the owner's e-mail makes an account of the same name and invites them as
    an owner. They sign in, work and connect in their own account; nothing shows in the other."""
    create(store, "trap", "Acme ")
    rename(store, "owner@acme.example")
    attacker = store.accounts.person_by_email("stranger@acme.example")
    store.accounts.join("trap", attacker.id, "owner")
    trap, trapper = "/a/trap-in-addresses", visit("stranger")
    trapper.get(f"{trap}/people")
    trapper.post(f"{trap}/people/invite", email="owner@acme.example", role="owner")
    victim = visit("owner")
    assert victim.client.get("/salesforce").location == f"{ACME}/salesforce"
    page = connect(victim, salesforce)
    assert f'action="{ACME}/salesforce/switch"' in page.text
    victim.post(f"{ACME}/salesforce/switch", enabled="1")
    assert store.connections.get("acme").state is ConnectionState.ACTIVE
    assert store.connections.get("trap").state is ConnectionState.NONE
    assert store.policies.get("acme").enabled
    assert not store.policies.get("trap").enabled
    assert [person.id for person, _role in store.members.of("trap")] == [attacker.id]
    hand_over(store, **{"from": "380671239876"})
    assert CLIENT.search(victim.get(f"{ACME}/calls").text)
    assert STORED_NAME in victim.get(f"{ACME}/people").text
    org = store.connections.get("acme")

    def nothing_shows() -> None:
        for page in PAGES:
            answer = trapper.get(f"{trap}{page}")
            assert answer.status_code == 200
            for secret in (org.username, org.org_id, STORED_NAME):
                assert secret not in answer.text, page
            assert not CLIENT.search(answer.text), page

    nothing_shows()
    assert victim.get(f"{trap}/salesforce").status_code == 404
    victim.get("/")
    victim.post(f"/invitations/{newest(store, 'trap').name}/decline")
    assert "owner@acme.example declined" in trapper.get(f"{trap}/access").text
    nothing_shows()
    # Also once they accepted: the account used last stays theirs, and the way there is named.
    trapper.post(f"{trap}/people/invite", email="owner@acme.example", role="owner")
    victim.get("/")
    victim.post(f"/invitations/{newest(store, 'trap').name}/accept")
    victim.get(f"{ACME}/salesforce")
    assert victim.client.get("/").location == f"{ACME}/salesforce"
    assert "Owner · Not connected" in victim.post(f"{trap}/salesforce/connect").text
