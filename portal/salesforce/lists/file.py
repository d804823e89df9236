"""A file that should be a list → its text, whatever wrote it; or what it is instead."""

from __future__ import annotations

import codecs
import re

from flask_babel import gettext as _

_WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
"""Excel's since 2007 and LibreOffice's are ZIP archives, those before are OLE documents."""
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"\x1f\x8b", b"Rar!")
_MARKUP = re.compile(
    r"\s*(<!(doctype|--)|<(html|head|meta|body|table|div|svg|\?xml)\b|\{\\rtf|%PDF)", re.IGNORECASE
)
"""What is text and yet no list; Salesforce's reports as `.xls` are pages, too."""
_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CYRILLIC = ("cp1251", "mac_cyrillic", "cp866")
"""What Excel on Windows, Excel on a Mac, and DOS programs write."""
_LETTER = re.compile("[А-Яа-яЁёІіЇїЄєҐґ]")


class WrongKind(Exception):
    """The file is no list; the message is for the person, in their language."""


def text_of(raw: bytes, *, is_cut: bool = False) -> str:
    """The file's text; of one that was cut without the row in the middle. Raises WrongKind."""
    if raw.startswith(_WORKBOOKS):
        raise WrongKind(_("This is a workbook: save it as “CSV UTF-8” and choose that file."))
    if raw.startswith(_OTHERS):
        raise WrongKind(_other_kind())
    encoding = _utf_16(raw)
    if encoding:
        return checked(raw.decode(encoding, errors="replace"))
    return checked(_decoded(raw[: raw.rfind(b"\n") + 1] if is_cut else raw))


def checked(text: str) -> str:
    """The same text. Raises WrongKind when it is that of a page or of no text at all."""
    odd = sum(c < " " and not c.isspace() for c in text)
    if _MARKUP.match(text.lstrip("\ufeff")) or (odd > 2 and odd * 50 > len(text)):
        raise WrongKind(_other_kind())
    return text


def _other_kind() -> str:
    return _("This is another kind of file: choose a list as CSV, or paste it.")


def _utf_16(raw: bytes) -> str:
    """The name of the encoding; without a mark the zeros of digits and separators tell it."""
    if raw.startswith(_BOMS):
        return "utf-16"
    little, big = raw[1::2].count(0), raw[0::2].count(0)
    if max(little, big) * 10 < len(raw):
        return ""
    return "utf-16-le" if little > big else "utf-16-be"


def _decoded(raw: bytes) -> str:
    """UTF-8, also with a broken byte here and there, else the code page that makes most letters."""
    text = raw.decode("utf-8-sig", errors="replace")
    if text.count("\ufffd") * 10 <= sum(c > "\x7f" for c in text):
        return text
    pages = (raw.decode(page, errors="replace") for page in _CYRILLIC)
    return max(pages, key=lambda page: len(_LETTER.findall(page)))
