"""Equal to the eye is equal: the one form in which texts of people and systems are compared.

What is kept and written stays as it came; only comparisons go through here. Left out on purpose:
`‹x›` are apostrophes, so they differ from `«x»`; `İ` is an `i` with a dot above, so it is no `i`.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal

_MARKS = {
    **dict.fromkeys(map(ord, "‘’‚‛‹›`´ʹʻʼʽʾʿˈˊˋ՚׳′‵❛❜ꞌ᾽"), "'"),
    **dict.fromkeys(map(ord, "“”„‟«»″‶〝〞〟ˮ״❝❞"), '"'),
    **dict.fromkeys(map(ord, "−⁃˗"), "-"),
    **dict.fromkeys(map(ord, "⁄∕"), "/"),
    # Blank, and yet letters or marks to Unicode; and what only chooses how a sign looks.
    **dict.fromkeys(map(ord, "\u034f\u115f\u1160\u2800\u3164"), ""),
    **dict.fromkeys(range(0xFE00, 0xFE10), ""),
    **dict.fromkeys(range(0xE0100, 0xE01F0), ""),
}
_UNSEEN = ("Cc", "Cf", "Cs")
_LONGEST = 1000
"""Characters whose letters are composed: it takes the square of the longest run of accents."""


def folded(text: str) -> str:
    """Two texts that look alike, whatever their case, give the same: one kind of apostrophe, quote,
    dash and space, letters composed (up to 1000 characters), nothing that is not seen. Of a folded
    text nothing changes."""
    return _folded(text) if len(text) <= _LONGEST else _settled(text, fold=True)


@lru_cache(maxsize=16_384)  # each call is compared with the same rows
def _folded(text: str) -> str:
    return _settled(text, fold=True)


def plain(text: str) -> str:
    """The same, with its case."""
    return _settled(text, fold=False)


def _settled(text: str, *, fold: bool) -> str:
    """One round leaves few letters unsettled; composing or folding them makes others of them."""
    if text.isascii() and text.isprintable():  # of these only the backtick looks like another
        return " ".join((text.casefold() if fold else text).replace("`", "'").split())
    known = None
    while text != known:
        known, text = text, _round(text.casefold() if fold else text)
    return text


def _round(text: str) -> str:
    # Marks first: compatibility makes a space and an accent of some, which no longer tell.
    marked = _composed("NFC", text).translate(_MARKS)
    composed = _composed("NFKC", marked).translate(_MARKS)
    seen = "".join(_seen(c) for c in composed)
    return _composed("NFKC", " ".join(seen.split()))


def _composed(form: Literal["NFC", "NFKC"], text: str) -> str:
    return unicodedata.normalize(form, text) if len(text) <= _LONGEST else text


def _seen(character: str) -> str:
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    return "-" if category == "Pd" else "" if category in _UNSEEN else character
