"""What the worker forgets by itself."""

from sqlalchemy import delete, func, select, update

from core.models import CallRow, Invitation, LoopRow
from core.policy import MissedCallRow
from core.store.database import utc_now
from core.store.invitations import KEPT
from tests.helpers.events import missed
from worker.housekeeping import forget
from worker.looks import look_at_those_due


def test_an_invitation_whose_time_is_long_over(light_world):
    store = light_world.store
    store.invitations.invite("acme", "new@acme.example", "member")
    forget(light_world.runtime)
    assert store.invitations.of("acme")
    with store.database.write() as session:
        session.execute(update(Invitation).values(expires_at=utc_now() - KEPT))
    forget(light_world.runtime)
    assert store.invitations.of("acme") == []


def test_a_client_who_waits_since_a_month_that_was_detached(light_world):
    world, owner = light_world.connect(), light_world.users()[1]
    world.choose(missed_calls=(MissedCallRow(id=0, external_line="", user_ids=(owner,)),))
    world.hand_over(missed(dbid=1)).deliver()
    database = world.store.database

    def waiting():
        with database.read() as session:
            return session.scalar(select(func.count()).select_from(LoopRow))

    forget(world.runtime)
    assert waiting() == 1
    with database.write() as session:
        session.execute(delete(CallRow))
        session.execute(update(LoopRow).values(look_at=utc_now()))
    assert look_at_those_due(world.runtime) == [], "nor every ten seconds until then"
    forget(world.runtime)
    assert waiting() == 0
