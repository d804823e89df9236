"""What the worker forgets by itself."""

from sqlalchemy import update

from core.models import Invitation
from core.store.database import utc_now
from core.store.invitations import KEPT
from worker.housekeeping import forget


def test_an_invitation_whose_time_is_long_over(light_world):
    store = light_world.store
    store.invitations.invite("acme", "new@acme.example", "member")
    forget(light_world.runtime)
    assert store.invitations.of("acme")
    with store.database.write() as session:
        session.execute(update(Invitation).values(expires_at=utc_now() - KEPT))
    forget(light_world.runtime)
    assert store.invitations.of("acme") == []
