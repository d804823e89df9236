"""Invitations: how they end."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

from sqlalchemy import update

from core.models import Invitation
from core.store import Store
from core.store.database import utc_now
from core.store.invitations import KEPT

NEW = "new@acme.example"
ROUNDS = 8
"""Each a race that any of its sides may win."""


def test_those_long_over_are_forgotten(store: Store):
    over = {"waits": -KEPT, "over": KEPT - timedelta(minutes=1), "long over": KEPT}
    for called, since in over.items():
        store.invitations.invite("acme", f"{len(called)}@acme.example", "member", called=called)
        with store.database.write() as session:
            this = update(Invitation).where(Invitation.called == called)
            session.execute(this.values(expires_at=utc_now() - since))
    store.invitations.forget_expired()
    assert [one.called for one in store.invitations.of("acme")] == ["waits", "over"]


def test_who_is_removed_comes_back_by_no_older_invitation(store: Store):
    """An operator had them join while it waited."""
    store.accounts.create("other", "Other")
    anna = store.accounts.add_person("anna@acme.example", "Anna")
    boris = store.accounts.add_person("boris@acme.example", "Boris")
    store.accounts.join("acme", anna.id, "owner")
    for account, person in (("acme", boris), ("acme", anna), ("other", boris)):
        store.invitations.invite(account, person.email, "member")
    store.accounts.join("acme", boris.id, "member")
    store.members.remove("acme", boris.id)
    assert [one.email for one in store.invitations.of("acme")] == [anna.email]
    assert [one.account.id for one in store.invitations.to(boris.email)] == ["other"]


def at_once(*tries: Callable[[], Any]) -> list[Any]:
    """What each gives, begun at the same moment."""
    gate = Barrier(len(tries))

    def one(attempt: Callable[[], Any]) -> Any:
        gate.wait()
        return attempt()

    with ThreadPoolExecutor(len(tries)) as pool:
        return list(pool.map(one, tries))


def test_two_links_of_a_new_address_make_one_person(store: Store):
    """The other account's invitation waits on, for who is known now."""
    store.accounts.create("other", "Other")
    for number in range(ROUNDS):
        email = f"{number}{NEW}"
        keys = [store.invitations.invite(one, email, "member") for one in ("acme", "other")]
        accept = store.invitations.accept_with_password
        answers = at_once(*(partial(accept, key, "hash of " + key) for key in keys))
        (person,) = filter(None, answers)
        assert store.accounts.person_by_email(email).id == person.id
        (account, _role) = store.accounts.memberships(person.id)[0]
        (waiting,) = store.invitations.to(email)
        assert {account.id, waiting.account.id} == {"acme", "other"}


def test_a_link_pressed_twice_is_one_yes(store: Store):
    for number in range(ROUNDS):
        key = store.invitations.invite("acme", f"{number}{NEW}", "member")
        accept = partial(store.invitations.accept_with_password, key)
        answers = at_once(partial(accept, "one"), partial(accept, "other"))
        assert answers.count(None) == 1


def test_a_known_person_joins_once_whoever_else_lets_them_in(store: Store):
    for number in range(ROUNDS):
        person = store.accounts.add_person(f"{number}{NEW}", "Boris", "hash")
        store.invitations.invite("acme", person.email, "member")
        (waiting,) = store.invitations.to(person.email)
        accept = partial(store.invitations.accept, waiting.invitation.name, person)
        decline = partial(store.invitations.decline, waiting.invitation.name, person)
        join = partial(store.accounts.join, "acme", person.id, "owner")
        answers = at_once(accept, accept, decline, join)
        assert answers.count(None) == 3, "one answer, and an operator's command that gives none"
        assert store.members.find("acme", person.email)[1] == "owner"
        assert store.invitations.to(person.email) == []
