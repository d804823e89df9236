"""Passwords that are guessed first, however long they are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_LIST = Path(__file__).with_name("common_passwords.txt")
COMMON = frozenset(_LIST.read_text(encoding="utf-8").split())
"""The commonest of leaked ones that are long enough to be taken, the commonest words in shorter
ones, rows of the keyboards, and our own names. Lower case."""
DIFFERENT = 4
"""Characters that are not the same, at least."""
_LETTERS = re.compile(r"[^\W\d_]+")


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
