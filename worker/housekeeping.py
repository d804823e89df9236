"""What has time: mails to owners, and keeping the tokens of quiet connections fresh.

Beside the sweeper, in a thread of its own: neither a slow mail server nor a slow Salesforce may
hold up a wake-up.
"""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.mail import Mailer, MailFailed
from core.notices import mails
from core.salesforce.errors import ConnectionDead, SalesforceError
from core.secrets import CannotUnseal
from core.store.database import utc_now
from core.tokens import AccountTokens
from worker.runtime import Runtime

log = structlog.get_logger()

EVERY_SECONDS = 2.0
HEARTBEAT = timedelta(days=7)
"""Salesforce forgets refresh tokens that are idle for 30 days."""
HEARTBEAT_EVERY_SECONDS = 3600


def keep_house(runtime: Runtime, stop: threading.Event) -> None:
    """Until told to stop. What fails is said and tried again."""
    heartbeat_at = time.monotonic() + 60
    while not stop.wait(EVERY_SECONDS):
        try:
            send_notices(runtime)
            if time.monotonic() > heartbeat_at:
                heartbeat_at = time.monotonic() + HEARTBEAT_EVERY_SECONDS
                keep_quiet_connections(runtime)
        except SQLAlchemyError as error:
            log.warning("housekeeping failed; it goes on", error=type(error).__name__)


def send_notices(runtime: Runtime) -> int:
    """Send what is due; returns how many notices were sent. A crash between sending and noting it
    sends a notice again, under the same Message-ID."""
    mailer = Mailer(runtime.config)
    sent = 0
    while notice := runtime.store.notices.claim():
        try:
            for mail in mails(notice, runtime.store, runtime.config):
                mailer.send(mail.to, mail.subject, mail.text, mail.name)
        except MailFailed as failure:
            again = runtime.store.notices.failed(notice)
            log.warning(
                "mail not sent", account=notice.account_id, error=str(failure), again=again
            )  # fmt: skip
            continue
        runtime.store.notices.sent(notice.id)
        log.info("owners told", account=notice.account_id, kind=notice.kind)
        sent += 1
    return sent


def keep_quiet_connections(runtime: Runtime) -> int:
    """Refresh connections that nothing refreshed for a week. Returns how many were refreshed."""
    kept = 0
    connections = runtime.store.connections
    for account_id in connections.quiet_since(utc_now() - HEARTBEAT):
        consent = connections.get(account_id).connected_at
        tokens = AccountTokens(account_id, runtime.store, runtime.config, runtime.http)
        try:
            tokens.renew(tokens.current())
            kept += 1
        except ConnectionDead as dead:
            connections.died(account_id, dead.reason.code, dict(dead.reason.params), consent)
        except (SalesforceError, CannotUnseal) as error:
            log.warning("heartbeat failed", account=account_id, error=type(error).__name__)
    return kept
