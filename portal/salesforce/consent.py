"""The way to Salesforce's consent page and back: one try at a time, remembered in the session.

`state` ties the answer to the browser that asked (RFC 6749, section 10.12), the PKCE verifier
ties it to this try (RFC 7636). Both are used once and for fifteen minutes, as Salesforce's codes.
"""

from __future__ import annotations

import hmac
import time
from dataclasses import asdict, dataclass

from flask import session

from core.salesforce.oauth import new_verifier
from core.secrets import new_name

NAME = "consent"
GOOD_FOR = 15 * 60
"""Seconds."""


@dataclass(frozen=True)
class Consent:
    """One try to connect an account."""

    account_id: str
    state: str
    verifier: str
    confirmed_org: str
    """The id of the org that may take the place of the present one; empty = none may."""
    began: float

    @property
    def is_fresh(self) -> bool:
        return time.time() - self.began < GOOD_FOR


def begin(account_id: str, *, confirmed_org: str) -> Consent:
    """A new try; an older one of this browser ends."""
    consent = Consent(account_id, new_name(), new_verifier(), confirmed_org, time.time())
    session[NAME] = asdict(consent)
    return consent


def take(account_id: str, state: str) -> Consent | None:
    """The try that this answer belongs to, once; None for any other answer."""
    kept = session.get(NAME)
    if not kept or kept["account_id"] != account_id:
        return None
    if not hmac.compare_digest(str(kept["state"]).encode(), state.encode()):
        return None
    session.pop(NAME)
    return Consent(**kept)


def waiting_for_consent(account_id: str) -> bool:
    """Whether this browser went to Salesforce and did not come back yet."""
    kept = session.get(NAME)
    return kept is not None and kept["account_id"] == account_id and Consent(**kept).is_fresh


def forget() -> None:
    session.pop(NAME, None)
