"""What the connection card shows, for every state of the connection."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from core.addresses import networks
from core.connection import Connection, ConnectionState, Flow
from core.models import Account, CallState
from core.policy import Policy
from core.reasons import Reason, stored
from core.store.journal import COUNT_AT_MOST
from portal.salesforce.block import Block
from portal.salesforce.consent import waiting_for_consent
from portal.salesforce.looking import looked, tested
from portal.salesforce.names import named
from portal.salesforce.setting import Setting
from portal.salesforce.troubles import Trouble, trouble
from portal.web.by_account import keep, take
from portal.web.connection import current_connection
from portal.web.services import config, store
from portal.web.who import current_account, current_policy

TROUBLE = "trouble"
"""In the session: by account, why the last try to connect failed, until it was shown once."""


def block(account: Account) -> dict[str, Any]:
    """Variables of `_connection.html`."""
    connection, policy = current_connection(), current_policy()
    failed, now = _trouble(account, connection), phase(account, connection, policy)
    return {
        "connection": connection,
        "policy": policy,
        "enabled": ENABLED,
        "phase": now,
        "trouble": failed,
        "shown": shown(),
        "looked": looked(),
        "named": named,
        "tested": tested(),
        "waiting": store().journal.count(account.id, *_WAITING[now]) if now in _WAITING else 0,
        "most": COUNT_AT_MOST,
        "package_url": config().package_url,
        "callback_url": config().callback_url,
        "alone": connection.flow is Flow.CLIENT_CREDENTIALS,
        "addresses": networks(config().outgoing_addresses),
        "stand_in": config().stand_in,
        "errors": {},
        "typed": {},
        "language": str(get_locale()),
    }


_WAITING = {
    "paused": (CallState.WAITING, CallState.RETRY, CallState.HELD),
    "dead": (CallState.HELD,),
}
"""What waits for the connection, by phase."""
ENABLED = Setting("enabled", _l("Write calls to Salesforce"))
BLOCK = Block("connection", block, (ENABLED,))


def phase(account: Account, connection: Connection, policy: Policy) -> str:
    """`new`, `connecting`, `off`, `on`, `paused` or `dead`: which card to show."""
    if connection.state is ConnectionState.NONE:
        asked = connection.flow is Flow.CONSENT and waiting_for_consent(account.public_name)
        return "connecting" if asked else "new"
    if connection.state is ConnectionState.DEAD:
        return "dead"
    if not policy.enabled:
        return "off"
    return "paused" if connection.still_paused else "on"


def shown() -> str:
    """What of the connection and of the switch a page shows, to be compared with a later look."""
    connection = current_connection()
    now = phase(current_account(), connection, current_policy())
    until = connection.paused_until if connection.still_paused else None
    moments = (until, looked().began_at, looked().ended_at)
    seen = (str(one) if one else "" for one in moments)
    return ".".join((now, connection.org_id, connection.reason_code, *seen))


def is_on() -> bool:
    """Whether the other blocks are shown: connected, or to be mended, and switched on."""
    return current_connection().state is not ConnectionState.NONE and current_policy().enabled


def tell_trouble(account: Account, reason: Reason, other_org_id: str = "") -> None:
    """Have the account's card say, once, why the last try to connect it failed."""
    told = {"code": reason.code, "params": dict(reason.params), "other_org_id": other_org_id}
    keep(TROUBLE, account.public_name, told)


def _trouble(account: Account, connection: Connection) -> Trouble | None:
    """What went wrong with the last Connect, else with the connection itself."""
    if told := take(TROUBLE, account.public_name):
        return trouble(stored(told["code"], told["params"]), told["other_org_id"])
    if connection.state is ConnectionState.DEAD or connection.still_paused:
        # An app that led into another org says which: that one is confirmed, or the app mended.
        return trouble(connection.reason, connection.reason.params.get("now", ""))
    return None
