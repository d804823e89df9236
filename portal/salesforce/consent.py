"""The way to Salesforce's consent page and back, remembered in the session: a try for each account.

`state` ties the answer to the browser that asked (RFC 6749, section 10.12) and to the account it
asked for; the PKCE verifier ties it to this try (RFC 7636). Both are used once and for fifteen
minutes, as Salesforce's codes. The callback's one address names no account: the state does.
"""

from __future__ import annotations

import hmac
import time
from dataclasses import asdict, dataclass
from typing import Any

from flask import session

from core.salesforce.oauth import new_verifier
from core.secrets import new_name
from portal.web.by_account import MOST, keep, kept

NAME = "consents"
ANSWERED = "connected"
"""In the session: by account, the state of the answer that connected it last."""
GOOD_FOR = 15 * 60
"""Seconds."""


@dataclass(frozen=True)
class Consent:
    """One try to connect an account."""

    account: str
    """As it stands in addresses."""
    state: str
    verifier: str
    confirmed_org: str
    """The id of the org that may take the place of the present one; empty = none may."""
    began: float

    @property
    def is_fresh(self) -> bool:
        return time.time() - self.began < GOOD_FOR


def begin(account: str, *, confirmed_org: str) -> Consent:
    """A new try; an older one of this browser for the same account ends."""
    consent = Consent(account, new_name(), new_verifier(), confirmed_org, time.time())
    forget(account)
    _keep([*_kept(), consent][-MOST:])
    return consent


def take(state: str) -> Consent | None:
    """The try that an answer with this state belongs to, once; None for any other answer."""
    found = next((one for one in _kept() if _same(one.state, state)), None)
    if found:
        forget(found.account)
    return found


def forget(account: str) -> None:
    _keep([one for one in _kept() if one.account != account])


def waiting_for_consent(account: str) -> bool:
    """Whether this browser went to Salesforce for the account and did not come back yet."""
    return any(one.account == account and one.is_fresh for one in _kept())


def connected(consent: Consent) -> None:
    keep(ANSWERED, consent.account, consent.state)


def connected_by(state: str) -> str:
    """The account that an answer with this state has connected: the browser repeats it."""
    answered = kept(ANSWERED).items()
    return next((account for account, one in answered if _same(one, state)), "")


def _kept() -> list[Consent]:
    """Oldest first."""
    kept: list[dict[str, Any]] = session.get(NAME, [])
    return [Consent(**one) for one in kept]


def _keep(consents: list[Consent]) -> None:
    if consents:
        session[NAME] = [asdict(one) for one in consents]
    else:
        session.pop(NAME, None)


def _same(kept: str, given: str) -> bool:
    return hmac.compare_digest(kept.encode(), given.encode())
