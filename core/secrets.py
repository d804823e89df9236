"""Keeping secrets: sealed tokens, hashed keys, random names."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from cryptography.fernet import InvalidToken, MultiFernet

from core.addresses import fernet_keys


class CannotUnseal(Exception):
    """None of TOKEN_KEYS opens this value: a key was taken out of the list too early."""


class Sealer:
    """Encrypts tokens at rest. The first key seals; every key opens, so keys can be rotated."""

    def __init__(self, token_keys: str) -> None:
        self._fernet = MultiFernet(fernet_keys(token_keys))

    def seal(self, value: str) -> str:
        return self._fernet.encrypt(value.encode()).decode() if value else ""

    def unseal(self, sealed: str, lives: timedelta | None = None) -> str:
        """Raises CannotUnseal when no key fits, or it was sealed longer ago than `lives`."""
        if not sealed:
            return ""
        seconds = int(lives.total_seconds()) if lives else None
        try:
            return self._fernet.decrypt(sealed.encode(), ttl=seconds).decode()
        except InvalidToken as error:
            raise CannotUnseal("no key of TOKEN_KEYS opens a stored token") from error

    def seal_anew(self, sealed: str) -> str:
        """The same value, sealed by the first key. Raises CannotUnseal when no key fits."""
        try:
            return self._fernet.rotate(sealed.encode()).decode()
        except InvalidToken as error:
            raise CannotUnseal("no key of TOKEN_KEYS opens a stored value") from error


def new_key() -> str:
    """A key for telephony: 256 random bits, safe in URLs."""
    return "ut_" + secrets.token_urlsafe(32)


def hash_key(key: str) -> str:
    """SHA-256 in hex, 64 characters."""
    return hashlib.sha256(key.encode()).hexdigest()


def new_name() -> str:
    """An unguessable name for a URL: 22 characters."""
    return secrets.token_urlsafe(16)
