"""Passwords, by argon2."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
SHORTEST = 10
LONGEST = 1000
"""Characters; hashing a longer one would be work for an attacker to order."""
NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$aClC5OlSk5pst9Vd6bYYrg$"
    "QJVEnaCvdd7K3iRIXhx0aOe4Fx8GtsTJ3/0YDcP4ddI"
)
"""Of random bytes that nobody kept. Made here it would cost each start half a second and 64 MB."""


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def password_fits(password_hash: str, password: str) -> bool:
    """Takes as long for a person who does not exist (empty hash) as for one who does."""
    try:
        _hasher.verify(password_hash or NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether argon2's costs have grown since: the password is hashed again at sign-in."""
    return _hasher.check_needs_rehash(password_hash)
