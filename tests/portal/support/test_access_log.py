"""What the customer reads of support and of what happened to their account: all of it, in words."""

import re

import pytest
from sqlalchemy import func, select

from core.models import AuditEntry
from core.policy import LineRow
from core.store import Store
from core.store.policies import Actor
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.calls import hand_over
from tests.portal.helpers.client import Visitor
from tests.portal.helpers.orgs import ANNA, BOHDAN, connect, see
from tests.portal.support.test_visit import REASON, enter

MANY = 520


@pytest.fixture(autouse=True)
def connected(store: Store):
    connect(store)
    see(store)
    for name in ("owner", "support"):
        store.accounts.set_language(store.accounts.person_by_email(f"{name}@acme.example").id, "en")


def read_visit(reader: Visitor) -> list[str]:
    """Every line of the newest visit, following its pages to the end."""
    address = link(reader.get("/access").text, r'href="([^"]+/access/visits/[^"]+)"')
    lines: list[str] = []
    while address:
        page = reader.get(address).text
        lines += [
            re.sub(r"<[^>]+>|\s+", " ", one).split(" ", 1)[1].strip()
            for one in re.findall(r'<li class="log-.*?</li>', page, re.S)
        ]
        address = link(page, r'rel="next" href="([^"]+)"')
    return [" ".join(one.split()[1:]) for one in lines]


def link(page: str, pattern: str) -> str:
    found = re.search(pattern, page)
    return found[1].replace("&amp;", "&") if found else ""


def note_many(store: Store, visit_id: int | None, action: str = "change") -> None:
    """As if support, or an owner, had pressed something so many times."""
    owner, staff = (
        store.accounts.person_by_email(f"{name}@acme.example").id for name in ("owner", "support")
    )
    asked = {"endpoint": "salesforce.switch", "path": "/salesforce/switch"}
    entry = {"account_id": "acme", "person_id": owner, "visit_id": visit_id, "action": action}
    with store.database.write() as session:
        at = session.scalar(select(func.max(AuditEntry.at)))
        session.add_all(
            AuditEntry(
                **entry, staff_id=staff if visit_id else None, at=at, params=asked, status=200
            )
            for _ in range(MANY)
        )


def test_nothing_that_support_does_moves_the_rest_out_of_sight(support, owner, store):
    store.audit.note("acme", Actor(), "key.issued", {"ending": "WXYZ"})
    enter(support)
    support.get("/calls")
    support.get("/keys")
    here = store.audit.visits("acme", 1)[0].visit
    note_many(store, here.id)
    support.get("/salesforce/history")
    lines = read_visit(owner)
    assert len(lines) == MANY + 3
    assert lines[0] == "Looked at: Calls"
    assert lines[1] == "Refused: Intake keys"
    assert lines[-1] == "Looked at: Settings history"
    page = owner.get("/access").text
    assert f"Looked: 2, changed or pressed: {MANY}, refused: 1." in page
    assert "WXYZ" in page


def test_every_visit_and_every_event_can_be_reached(support, owner, store):
    for number in range(12):
        enter(support)
        support.post("/support/leave")
        store.audit.note("acme", Actor(), "key.issued", {"ending": f"k{number:03}"})
    note_many(store, None, "key.ended")
    found = set()
    address = "/access"
    while address:
        page = owner.get(address).text
        found |= set(re.findall(r"/access/visits/([\w-]+)", page))
        address = link(page, r'rel="next" href="([^"]+/access\?visits=[^"]+)"')
    assert found == {one.visit.name for one in store.audit.visits("acme", 99)}
    endings, address = set(), "/access"
    while address:
        page = owner.get(address).text
        endings |= set(re.findall(r"ending in (k\d{3})", page))
        address = link(page, r'rel="next" href="([^"]+/access\?events=[^"#]+)')
    assert len(endings) == 12


def test_forms_that_only_show_are_views_and_repeated_ones_are_counted(support, owner, store):
    enter(support)
    for _ in range(3):
        support.get("/salesforce")
        support.post("/salesforce/own_fields/example", htmx=True, template="{line}")
    support.post("/preview", htmx=True, number="0505557182")
    lines = read_visit(owner)
    assert lines == [
        "Looked at: Salesforce settings (3 times)",
        "Looked at: Salesforce settings, Own fields (3 times)",
        "Pressed “Show”: What a call would do",
    ]
    assert {
        one.action
        for one in store.audit.of_visit("acme", store.audit.visits("acme", 1)[0].visit.id, 99)
    } == {
        "support.entered",
        "view",
    }


def test_what_was_changed_stands_at_the_line_that_changed_it(support, owner, store):
    enter(support)
    support.get("/salesforce")
    support.post("/salesforce/switch", enabled="1")
    support.post("/salesforce/switch", enabled="1")
    support.post("/salesforce/lines/add", htmx=True, line="2001", user=ANNA)
    change = store.policies.newest_change("acme")
    support.post(f"/salesforce/history/{change}/undo", htmx=True)
    owner.get("/salesforce")
    owner.post("/salesforce/switch", enabled="")
    lines = [one for one in read_visit(owner) if not one.startswith("Looked")]
    assert lines == [
        "Changed: Write calls to Salesforce: off → on",
        "Saved without a change: Salesforce settings, Write calls to Salesforce",
        "Changed: SIP numbers and employees: added “2001 (\u2068Анна Коваль\u2069)”",
        "Changed: SIP numbers and employees: removed “2001 (\u2068Анна Коваль\u2069)”",
    ]
    page = owner.get("/access").text
    assert page.count("Write calls to Salesforce: off → on") == 1
    assert "on → off" not in page


def test_a_visits_settings_are_told_however_many_the_owner_changed_since(support, owner, store):
    enter(support)
    support.get("/salesforce")
    support.post("/salesforce/switch", enabled="1")
    person = store.accounts.person_by_email("owner@acme.example").id
    for number in range(210):
        user = ANNA if number % 2 else BOHDAN
        row = LineRow(line="2001", user_id=user)
        store.policies.edit(
            "acme", Actor(person), lambda p, row=row: p.model_copy(update={"lines": (row,)})
        )
    assert "Write calls to Salesforce: off → on" in owner.get("/access").text


def test_the_log_says_which_call(support, owner, store):
    call, other = hand_over(store), hand_over(store, "other", 2)
    enter(support)
    support.get(f"/calls/{call.public_id}")
    support.post(f"/calls/{call.public_id}/again")
    support.get(f"/calls/{other.public_id}")
    lines = read_visit(owner)
    assert [one.partition("+")[0].strip() for one in lines] == [
        "Looked at: A call",
        "Pressed “Try again”: A call",
        "Refused: A call",
    ]
    assert all("+380" in one for one in lines[:2])
    assert "+380" not in lines[2]
    address = link(owner.get("/access").text, r'href="([^"]+/access/visits/[^"]+)"')
    assert f'href="{ACME}/calls/{call.public_id}"' in owner.get(address).text


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Refused: the button “Connect”, Salesforce settings"),
        ("ru", "Отказано: кнопка «Подключить», Настройки Salesforce"),
    ],
)
def test_a_refused_button_is_named_as_the_page_names_it(support, owner, store, language, line):
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, language)
    enter(support)
    support.get("/salesforce")
    assert support.post("/salesforce/connect").status_code == 403
    assert read_visit(owner)[-1] == line


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/salesforce/switch", {"csrf_token": "stale", "enabled": "1"}),
        ("/salesforce/switch", {"enabled": "\0"}),
        ("/salesforce/%00", {}),
    ],
)
def test_what_is_refused_before_any_page_stands_there_too(support, owner, store, path, form):
    enter(support)
    support.get("/salesforce")
    assert support.post(path, **form).status_code == 400
    assert read_visit(owner)[-1].startswith("Refused: ")
    assert not store.policies.get("acme").enabled


def test_a_refusal_is_not_counted_among_the_views(support, store):
    enter(support)
    here = store.audit.visits("acme", 1)[0].visit
    who = Actor(here.person_id, here.staff_id)
    asked = {"endpoint": "calls.journal", "path": "/calls"}
    for status in (200, 200, 429, 200):
        store.audit.answered("acme", store.audit.note_view("acme", who, asked, here.id), status)
    entries = [one for one in store.audit.of_visit("acme", here.id, 99) if one.action == "view"]
    assert [(one.status, one.times) for one in entries] == [(200, 2), (429, 1), (200, 1)]


def test_the_reason_of_a_visit_is_nobody_elses(support, visit, store):
    enter(support)
    support.post("/support/leave")
    name = store.audit.visits("acme", 1)[0].visit.name
    assert REASON in visit("member").get(f"/access/visits/{name}").text
    assert visit("stranger").get(f"/access/visits/{name}").status_code == 404


def events(store: Store, account_id: str = "acme") -> list[tuple]:
    return [(one.action, one.params) for one in reversed(store.audit.events(account_id, 99))]


def test_what_an_operator_does_by_command_stands_there(app, owner, store):
    run = app.test_cli_runner()
    key = run.invoke(args=["key", "issue", "acme"]).output.strip()
    join = ["person", "add", "new@acme.example", "--account", "acme", "--password", "long-one-12"]
    run.invoke(args=join)
    run.invoke(args=["person", "reset-factor", "new@acme.example"])
    by = {"by": "operator"}
    email = {"email": "new@acme.example"}
    assert events(store) == [
        ("key.issued", {"ending": key[-4:], **by}),
        ("person.added", {**email, "role": "owner", **by}),
        ("factor.reset", {**email, **by}),
    ]
    page = owner.get("/access").text
    assert page.count("An operator of UniTalk") == 3
    assert "new@acme.example was added as Owner" in page


def test_where_people_log_in_stands_there_without_the_secret(owner, store):
    store.connections.disconnected("acme")
    owner.get("/salesforce")
    app = {"client_id": "own-app", "client_secret": "very-secret"}
    owner.post("/salesforce/environment", environment="sandbox", **app)
    ((action, params),) = events(store)
    assert action == "salesforce.environment"
    known = {"host": "127.0.0.1:9", "own_app": True, "new_secret": True}
    assert params == {**known, "flow": "consent"}
    page = owner.get("/access").text
    assert "with an app of your own" in page
    assert "very-secret" not in page


def test_disconnecting_stands_there(owner, store):
    owner.get("/salesforce")
    owner.post("/salesforce/disconnect")
    assert events(store) == [("salesforce.disconnected", {"org": "Acme"})]
    assert "Salesforce was disconnected: Acme" in owner.get("/access").text


def test_the_second_factor_switched_off_stands_there(owner, store):
    person = store.accounts.person_by_email("owner@acme.example")
    store.factors.switch_on(person.id, "A" * 32)
    owner.get("/me")
    owner.post("/me/second-factor/off", present="owner-secret")
    assert events(store) == [("factor.off", {"email": "owner@acme.example"})]
    assert "signs in without a code" in owner.get("/access").text
