"""What comes of a try to connect, whoever gave access: written down, and told on the card."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import gettext as _

from core import reasons
from core.connecting import AnotherOrg
from core.connection import Connection
from core.models import Account
from core.reasons import Reason
from core.salesforce.errors import Paused, SalesforceError, SessionExpired, Transient
from core.store import Store
from core.store.policies import Actor
from portal.salesforce.connection_card import tell_trouble
from portal.salesforce.looking import look
from portal.web.audit import CONNECTED
from portal.web.connection import CONNECTION
from portal.web.flashes import tell
from portal.web.once import forget


@contextmanager
def telling(account: Account) -> Iterator[None]:
    """Have the account's card say why a try within did not connect it."""
    try:
        yield
    except SalesforceError as error:
        tell_trouble(account, _reason(error))
    except AnotherOrg as other:
        moved = reasons.connection.another_org(before=other.before, now=other.now)
        tell_trouble(account, moved, other.now_id)


def write_down(store: Store, who: Actor, connection: Connection) -> None:
    """For the access log. Asks for no request: who waits no longer has connected all the same."""
    known = {"org": connection.org_name or connection.org_id, "flow": connection.flow.value}
    store.audit.note(connection.account_id, who, CONNECTED, known)


def say_connected(connection: Connection) -> None:
    forget(CONNECTION)
    look(connection.account_id)
    tell(_("Connected to %(org)s.", org=connection.org_name or connection.org_id), "good")


def _reason(error: SalesforceError) -> Reason:
    if isinstance(error, Paused):
        return reasons.connection.busy(error.words)
    if isinstance(error, Transient):
        return reasons.connection.unreachable(error.words)
    if isinstance(error, SessionExpired):
        return reasons.connection.session_refused(error.words)
    return error.reason
