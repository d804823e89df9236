"""Owners are told once each, and only what is still true."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from core.models.operations import Notice
from core.reasons import stored
from core.store.database import utc_now
from worker.housekeeping import send_notices


@pytest.fixture
def folder(light_world, tmp_path):
    """Where mails go."""
    config = light_world.config.model_copy(update={"mail_folder": tmp_path / "mail"})
    object.__setattr__(light_world.runtime, "config", config)
    return tmp_path / "mail"


def own(world, name):
    person = world.store.accounts.add_person(f"{name}@acme.example", name)
    world.store.accounts.join("acme", person.id, "owner")
    return person.id


def mails(folder):
    found = [path.read_bytes() for path in sorted(folder.glob("*.eml")) if path.is_file()]
    return {one["To"]: one for one in (message_from_bytes(b, policy=policy.default) for b in found)}


def all_due(world):
    """As if every pause had passed."""
    with world.store.database.write() as session:
        for notice in session.query(Notice).filter(Notice.due_at.is_not(None)):
            notice.due_at = utc_now() - timedelta(seconds=1)


def test_an_address_that_is_refused_keeps_no_other_owner_from_the_one_mail(light_world, folder):
    world = light_world.connect()
    refused = own(world, "olena")
    own(world, "anna")
    world.store.connections.died("acme", stored("connection.refresh_refused", {}))
    with world.store.database.read() as session:
        notice = session.query(Notice).one().id
    in_the_way = folder / f"notice-{notice}-{refused}.eml"
    in_the_way.mkdir(parents=True)
    assert send_notices(world.runtime) == 0
    first = mails(folder)
    assert list(first) == ["anna@acme.example"]

    in_the_way.rmdir()
    own(world, "an address that\nmakes no mail")  # a mistake of ours
    all_due(world)
    assert send_notices(world.runtime) == 0
    second = mails(folder)
    assert sorted(second) == ["anna@acme.example", "olena@acme.example"]
    assert bytes(second["anna@acme.example"]) == bytes(first["anna@acme.example"])


def test_who_is_disabled_is_told_nothing(light_world, folder):
    world = light_world.connect()
    gone = own(world, "olena")
    own(world, "anna")
    world.store.connections.died("acme", stored("connection.refresh_refused", {}))
    world.store.accounts.disable(gone)
    assert send_notices(world.runtime) == 1
    assert list(mails(folder)) == ["anna@acme.example"]


def test_what_is_true_no_more_is_not_sent(light_world, folder):
    world = light_world.connect()
    own(world, "anna")
    folder.write_text("in the way")
    world.store.connections.died("acme", stored("connection.refresh_refused", {}))
    assert send_notices(world.runtime) == 0
    folder.unlink()
    world.connect()
    all_due(world)
    assert send_notices(world.runtime) == 1
    assert mails(folder)["anna@acme.example"]["Subject"].endswith("calls reach Salesforce again")


@pytest.mark.parametrize("on", [True, False])
def test_that_calls_are_delivered_again_is_said_where_they_are(light_world, folder, on):
    world = light_world.connect()
    own(world, "anna")
    world.store.connections.died("acme", stored("connection.refresh_refused", {}))
    world.connect().choose(enabled=on)
    assert send_notices(world.runtime) == (1 if on else 0)
    assert ("anna@acme.example" in mails(folder)) is on
