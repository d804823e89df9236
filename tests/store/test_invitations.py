"""Invitations: how they end."""

from datetime import timedelta

from sqlalchemy import update

from core.models import Invitation
from core.store import Store
from core.store.database import utc_now
from core.store.invitations import KEPT


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
