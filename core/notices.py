"""What an account's owners are written when its connection dies, and when it works again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core import texts
from core.config import Config
from core.connection import ConnectionState
from core.reasons import stored
from core.store import Store
from core.store.notices import WORKS, ClaimedNotice


@dataclass(frozen=True)
class Mail:
    person_id: int
    to: str
    subject: str
    text: str
    name: str
    """The same for the same mail, however often it is made."""


def mails(notice: ClaimedNotice, store: Store, config: Config) -> Iterator[Mail]:
    """One for each owner who has none yet, in the owner's language, else the account's."""
    policy = store.policies.get(notice.account_id)
    account = store.accounts.get(notice.account_id)
    reason = stored(notice.reason_code, notice.reason_params)
    for owner in store.notices.recipients(notice.account_id):
        if str(owner.id) in notice.told:
            continue
        language = owner.language or policy.language
        words = {
            "account": account.name if account else notice.account_id,
            "moment": texts.written_moment(notice.created_at.astimezone(policy.zone), language),
            "reason": texts.say(reason, language),
            "link": f"{config.portal_url}{account.address if account else ''}/salesforce",
        }
        yield Mail(
            person_id=owner.id,
            to=owner.email,
            subject=texts.mail(f"{notice.kind}.subject", language, **words),
            text=texts.mail(f"{notice.kind}.text", language, **words),
            name=f"notice-{notice.id}-{owner.id}",
        )


def is_true(notice: ClaimedNotice, store: Store) -> bool:
    """Whether it still says how things are: a mail server may have been away for hours."""
    connection = store.connections.get(notice.account_id)
    if notice.kind == WORKS:  # switched off, no call is on its way
        return connection.usable and store.policies.get(notice.account_id).enabled
    return connection.state is ConnectionState.DEAD
