"""Passwords: hashed by argon2, compared, and which new ones are taken."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import request
from flask_babel import gettext

from core.models import Person
from portal.web.services import store

_hasher = PasswordHasher()
SHORTEST = 10
LONGEST = 1000
"""Characters; hashing a longer one would be work for an attacker to order."""
NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$aClC5OlSk5pst9Vd6bYYrg$"
    "QJVEnaCvdd7K3iRIXhx0aOe4Fx8GtsTJ3/0YDcP4ddI"
)
"""Of random bytes that nobody kept. Made here it would cost each start half a second and 64 MB."""
_LIST = Path(__file__).with_name("common_passwords.txt")
COMMON = frozenset(_LIST.read_text(encoding="utf-8").split())
"""The commonest of leaked ones that are long enough to be taken, the commonest words in shorter
ones, rows of the keyboards, and our own names. Lower case."""
DIFFERENT = 4
"""Characters that are not the same, at least."""
_LETTERS = re.compile(r"[^\W\d_]+")


class PasswordRefused(Exception):
    """Why, in the person's language."""


def new_password(person: Person) -> str:
    """The hash of the field `password`. Raises PasswordRefused."""
    places = store().accounts.memberships(person.id)
    return new_password_of([person.email, person.name, *(at.name for at, _role in places)])


def new_password_of(names: list[str]) -> str:
    """The same, of somebody with these names. Raises PasswordRefused."""
    password = request.form.get("password", "")
    check_password(password, names)
    return hash_password(password)


def check_password(password: str, names: list[str]) -> None:
    """Whether the person with these names may take it. Raises PasswordRefused.

    Length is what counts, and that it is not among the first to be guessed (NIST SP 800-63B);
    no rules about digits and signs.
    """
    if len(password) < SHORTEST:
        raise PasswordRefused(gettext("At least %(count)s characters.", count=SHORTEST))
    if len(password) > LONGEST:
        raise PasswordRefused(gettext("At most %(count)s characters.", count=LONGEST))
    if is_common(password, names):
        raise PasswordRefused(gettext("This one is too easy to guess."))


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


def is_common(password: str, names: Iterable[str]) -> bool:
    """Whether it is one of them, or one of these names; with digits and signs around it, too.

    `names` are the person's and their accounts': e-mail addresses and names of several words count
    by their words.
    """
    plain = password.casefold()
    words = [word for name in names for word in _LETTERS.findall(name.casefold())]
    bare = "".join(_LETTERS.findall(plain))
    return (
        len(set(plain)) < DIFFERENT
        or plain in COMMON
        or bare in COMMON
        or plain in {name.casefold() for name in names}
        or _is_made_of(bare, words)
    )


def _is_made_of(bare: str, words: Iterable[str]) -> bool:
    """Whether there are letters, and none is left once these words are taken out."""
    if not bare:
        return False
    for word in sorted(set(words), key=len, reverse=True):
        bare = bare.replace(word, "") if len(word) > 1 else bare
    return not bare
