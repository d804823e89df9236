"""A new password from a form."""

from __future__ import annotations

from flask import request
from flask_babel import gettext

from core.models import Person
from portal.common_passwords import is_common
from portal.passwords import LONGEST, SHORTEST, hash_password
from portal.services import store


class PasswordRefused(Exception):
    """Why, in the person's language."""


def new_password(person: Person) -> str:
    """The hash of the field `password`. Raises PasswordRefused."""
    password = request.form.get("password", "")
    places = store().accounts.memberships(person.id)
    check_password(password, [person.email, person.name, *(at.name for at, _role in places)])
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
