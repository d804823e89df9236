"""A new password from a form."""

from __future__ import annotations

from flask import request
from flask_babel import gettext

from portal.passwords import LONGEST, SHORTEST, hash_password


class PasswordRefused(Exception):
    """Why, in the person's language."""


def new_password(email: str) -> str:
    """The hash of the field `password`. Raises PasswordRefused.

    Length is what counts (NIST SP 800-63B); no rules about digits and signs.
    """
    password = request.form.get("password", "")
    if len(password) < SHORTEST:
        raise PasswordRefused(gettext("At least %(count)s characters.", count=SHORTEST))
    if len(password) > LONGEST:
        raise PasswordRefused(gettext("At most %(count)s characters.", count=LONGEST))
    if password.lower() in (email, email.partition("@")[0]) or len(set(password)) < 4:
        raise PasswordRefused(gettext("This one is too easy to guess."))
    return hash_password(password)
