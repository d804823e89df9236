"""Strangers who guess shut nobody out: what is counted, and for which browser."""

from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from threading import Event, get_ident

import pytest
from flask import Flask
from sqlalchemy import event

from core.config import Config
from core.store import Store
from portal import create_app
from tests.helpers.ports import free_port
from tests.portal.conftest import PASSWORDS
from tests.portal.helpers.client import Visitor
from tests.portal.helpers.letters import letters
from tests.portal.helpers.markup import without_token

OWNER = "owner@acme.example"
NEW = "a new long password"


@pytest.fixture
def elsewhere(visit: Callable[[str], Visitor]) -> Callable[[], Visitor]:
    """A browser that nobody knows, each at an address of its own, before the sign-in page."""
    addresses: Iterator[str] = (f"203.0.113.{n}" for n in range(1, 250))

    def come() -> Visitor:
        return at(visit(""), next(addresses))

    return come


def at(visitor: Visitor, address: str) -> Visitor:
    visitor.client.environ_base["REMOTE_ADDR"] = address
    visitor.get("/sign-in")
    return visitor


def tried(visitor: Visitor, password: str, email: str = OWNER) -> int:
    return visitor.post("/sign-in", email=email, password=password).status_code


@pytest.fixture
def known(visit: Callable[[str], Visitor]) -> Visitor:
    """A browser in which the owner was signed in once, now at another address."""
    visitor = visit("owner")
    visitor.post("/sign-out")
    return at(visitor, "198.51.100.7")


@pytest.fixture
def guessed_at(elsewhere: Callable[[], Visitor]) -> None:
    """Strangers have spent what tries there are for the owner's e-mail."""
    assert [tried(elsewhere(), "wrong") for _ in range(11)] == [422] * 10 + [429]


def test_strangers_do_not_shut_out_a_browser_that_was_signed_in_before(
    elsewhere: Callable[[], Visitor], known: Visitor, guessed_at: None
):
    assert tried(elsewhere(), PASSWORDS["owner"]) == 429
    assert tried(known, PASSWORDS["owner"]) == 303


def test_strangers_at_the_same_address_do_not_shut_it_out_either(visit, known: Visitor):
    stranger = at(visit(""), "198.51.100.7")
    answers = [tried(stranger, "wrong", f"{n}@acme.example") for n in range(11)]
    assert answers == [422] * 10 + [429]
    assert tried(known, PASSWORDS["owner"]) == 303


def test_a_known_browser_may_guess_no_more_often(known: Visitor, elsewhere: Callable[[], Visitor]):
    assert [tried(known, "wrong") for _ in range(11)] == [422] * 10 + [429]
    at(known, "198.51.100.8")
    assert tried(known, PASSWORDS["owner"]) == 429
    assert tried(elsewhere(), PASSWORDS["owner"]) == 303


def test_a_browser_is_known_for_one_e_mail_only(known: Visitor, elsewhere: Callable[[], Visitor]):
    email = "member@acme.example"
    assert [tried(elsewhere(), "wrong", email) for _ in range(10)] == [422] * 10
    assert tried(known, PASSWORDS["member"], email) == 429


def test_a_forged_mark_makes_no_browser_known(
    elsewhere: Callable[[], Visitor], known: Visitor, guessed_at: None
):
    mark = known.client.get_cookie("browser").value
    for forged in ("", "x", mark[:-2], f"x{mark}"):
        stranger = elsewhere()
        stranger.client.set_cookie("browser", forged)
        assert tried(stranger, PASSWORDS["owner"]) == 429, forged


def test_right_passwords_are_not_counted(visit):
    """A whole office comes to work, behind one address."""
    assert [tried(at(visit(""), "198.51.100.9"), PASSWORDS["owner"]) for _ in range(12)] == (
        [303] * 12
    )


def test_the_password_alone_makes_no_browser_of_staff_known(visit):
    visitor = visit("support")
    assert visitor.client.get_cookie("browser") is None


def test_who_holds_the_letter_gets_in(
    elsewhere: Callable[[], Visitor], store: Store, guessed_at: None
):
    key = store.links.make(store.accounts.person_by_email(OWNER).id)
    visitor = elsewhere()
    visitor.get(f"/password/{key}")
    visitor.post(f"/password/{key}", password=NEW)
    assert tried(visitor, NEW) == 303


def test_spent_letters_are_told_to_nobody(
    elsewhere: Callable[[], Visitor], known: Visitor, config: Config
):
    answers = [elsewhere().post("/forgotten", email=OWNER) for _ in range(4)]
    assert len(letters(config)) == 3
    unknown = elsewhere().post("/forgotten", email="nobody@acme.example")
    for answer in answers:
        assert answer.status_code == 200
        assert without_token(answer.text) == without_token(unknown.text)
        assert seen(answer.headers) == seen(unknown.headers)
    known.post("/forgotten", email=OWNER)
    assert len(letters(config)) == 4


def test_the_answer_looks_for_nobody(config: Config, store: Store):
    """So it takes as long whoever is asked for; the letter is written in another thread."""
    by_server = config.model_copy(update={"mail_url": f"smtp://127.0.0.1:{free_port()}"})
    app = create_app(by_server, store)
    app.config["WTF_CSRF_ENABLED"] = False
    asked, here, written = [], get_ident(), Event()

    def note(_connection, _cursor, statement: str, *_more: object) -> None:
        if get_ident() == here:
            asked.append(statement)
        elif statement.startswith("INSERT INTO password_links"):
            written.set()

    event.listen(store.database.engine, "before_cursor_execute", note)
    for email in ("nobody@acme.example", OWNER):
        assert app.test_client().post("/forgotten", data={"email": email}).status_code == 200
    assert written.wait(60)
    assert asked == []


def seen(headers) -> dict[str, str]:
    """The headers, without the moment and the visitor's own session."""
    own = {"Set-Cookie", "Date", "X-RateLimit-Reset", "Retry-After", "Content-Security-Policy"}
    return {name: value for name, value in headers.items() if name not in own}


def test_the_mark_is_kept_as_well_as_the_session(config: Config, store: Store):
    public = config.model_copy(update={"portal_url": "https://portal.example.com", "demo": False})
    app = create_app(public, store)
    app.config["WTF_CSRF_ENABLED"] = False
    mark = mark_of(app)["__Host-browser"]
    assert mark["secure"] and mark["httponly"]
    assert (mark["samesite"], mark["path"], mark["domain"]) == ("Lax", "/", "")
    assert int(mark["max-age"]) >= 180 * 24 * 60 * 60
    assert OWNER not in mark.value


def mark_of(app: Flask) -> SimpleCookie:
    form = {"email": OWNER, "password": PASSWORDS["owner"]}
    answer = app.test_client().post("/sign-in", data=form, base_url="https://portal.example.com")
    assert answer.status_code == 303
    found = SimpleCookie()
    for header in answer.headers.getlist("Set-Cookie"):
        found.load(header)
    return found
