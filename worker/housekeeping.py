"""What has time: mails to owners, fresh tokens for quiet connections, forgetting, months ahead.

Beside the supervisor, in a thread of its own: neither a slow mail server nor a slow Salesforce may
hold up a rescue.
"""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.mail import Mailer, MailFailed
from core.notices import is_true, mails
from core.salesforce.errors import ConnectionDead, SalesforceError
from core.secrets import CannotUnseal
from core.store.database import utc_now
from core.store.notices import ClaimedNotice
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
                runtime.store.months.make_ahead()
                forget(runtime)
                keep_quiet_connections(runtime)
        except SQLAlchemyError as error:
            log.warning("housekeeping failed; it goes on", error=type(error).__name__)


def forget(runtime: Runtime) -> None:
    """What is of use to nobody any more."""
    runtime.store.ledger.forget_records()
    runtime.store.invitations.forget_expired()
    runtime.store.refused.forget()
    runtime.store.late.forget()
    runtime.store.loops.forget()


def send_notices(runtime: Runtime) -> int:
    """Send what is due; returns how many notices reached everybody. A crash between sending and
    noting it sends a mail again, under the same Message-ID."""
    mailer = Mailer(runtime.config)
    notices = runtime.store.notices
    sent = 0
    while notice := notices.claim():
        if not is_true(notice, runtime.store):
            notices.settled(notice.id)
        elif _tell_all(notice, mailer, runtime):
            notices.settled(notice.id)
            log.info("owners told", account=notice.account_id, kind=notice.kind)
            sent += 1
        else:
            again = notices.failed(notice)
            log.warning("mail not sent", account=notice.account_id, again=again)
    return sent


def _tell_all(notice: ClaimedNotice, mailer: Mailer, runtime: Runtime) -> bool:
    """Whether every owner has it now; one whose address is refused keeps it from no other."""
    everybody = True
    for mail in mails(notice, runtime.store, runtime.config):
        try:
            mailer.send(mail.to, mail.subject, mail.text, mail.name)
        except Exception as failure:
            everybody = False
            if not isinstance(failure, MailFailed):  # a mistake of ours must not end the round
                log.exception("a mail cannot be made", account=notice.account_id)
            continue
        runtime.store.notices.told(notice.id, mail.person_id)
    return everybody


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
            connections.died(account_id, dead.reason, consent)
        except (SalesforceError, CannotUnseal) as error:
            log.warning("heartbeat failed", account=account_id, error=type(error).__name__)
    return kept
