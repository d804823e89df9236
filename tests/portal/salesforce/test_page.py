"""The settings page over whatever an org holds: much, nothing, names of every script."""

import pytest

from core.facts import FieldInfo, User
from core.policy import LineRow, Mode
from tests.portal.helpers.orgs import LAYLA, edit, fields, see, shape

pytestmark = pytest.mark.usefixtures("switched_on")


def test_a_large_org_stays_a_small_page(owner, store):
    users = {f"005{n:012}AAA": User(f"005{n:012}AAA", f"Name {n} " + "x" * 60) for n in range(300)}
    many = fields(*(FieldInfo(f"F{n}__c", f"Field {n}", "string", 80) for n in range(500)))
    see(store, shape(users=users, fields=dict.fromkeys(("Lead", "Contact", "Task"), many)))
    answer = owner.client.get(owner.at("/salesforce"), headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 16_000


def test_an_org_with_nothing_in_it_is_a_page_too(owner, store):
    see(store, shape(users={}, stages=(), fields={}))
    edit(store, mode=Mode.OPPORTUNITIES)
    assert owner.get("/salesforce").status_code == 200


def test_names_of_every_script_are_shown_in_their_direction(owner, store):
    edit(store, lines=(LineRow(line="2001", user_id=LAYLA),))
    assert 'dir="auto"' in owner.get("/salesforce").text


def test_what_the_customer_chose_is_read_once_a_page(owner, store, monkeypatch):
    read, get = [], store.policies.get
    monkeypatch.setattr(store.policies, "get", lambda name: read.append(name) or get(name))
    owner.get("/salesforce")
    assert read == ["acme"]
