"""A request's bytes → what they say, whatever character set and kind they are declared to be.

    bytes → text → JSON, if it looks like it
                 → a form, if it is declared or looks like one

A sender's declaration helps, but does not decide: many declare what their library's default is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from encodings import normalize_encoding
from encodings.aliases import aliases
from typing import Any
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder

from core.events import BadEvent, from_form, is_like_json, read_json
from core.events.bounds import VALUES_AT_MOST

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"

_CHARACTER_SET = re.compile(
    r"ascii|latin_1|iso8859_\d\d?|cp\d{3,4}|koi8_[rtu]|mac_(?:roman|cyrillic|greek|latin2|turkish)"
    r"|gb2312|gbk|gb18030|big5|big5hkscs|euc_(?:jp|kr)|shift_jis|tis_620|utf_(?:8|16|32)"
)
"""Those that a sender may declare, as Python names them: it knows others that take long or are no
characters."""
_LOST_PLUS = re.compile(rb"(=|[,;]|%2[Cc]|%3[Bb])\+(?=[1-9][0-9]{6,14}(?:[&,;%]|$))")
"""A number's plus that a form was to encode, of one or of several: read by the rules it would be a
space."""
_FORM = re.compile(r"[\w.\[\]%+-]{1,200}=")


def read_body(request: Request) -> Any:
    """What the body says: JSON's value, or a form's names and values.

    Raises `BadEvent` for a body that cannot be read, UnsupportedMediaType for one that is neither,
    RequestEntityTooLarge.
    """
    data = request.get_data()
    boundary = request.mimetype_params.get("boundary", "")
    declared = request.mimetype_params.get("charset", "")
    if request.mimetype == MULTIPART and boundary:
        return from_form(_parts(data, boundary, declared))
    text = text_of(data, declared)
    if is_like_json(text):
        return _json(text)
    if request.mimetype == URLENCODED or _FORM.match(text):
        return from_form(_pairs(data, declared))
    if request.is_json:
        return _json(text)
    raise UnsupportedMediaType


def text_of(data: bytes, declared: str = "") -> str:
    """Bytes as text. What is valid as UTF-8, or as UTF-16 or UTF-32 by its first bytes, is that;
    else the declared character set counts; else UTF-8 with some broken characters, or, when more of
    them would be broken than whole, windows-1251, the other one that our senders' systems write.
    What cannot be read becomes U+FFFD, as `Call.changes` then tells.
    """
    for name in (json.detect_encoding(data), *_character_set(declared)):
        try:
            return data.decode(name, "surrogatepass")
        except (UnicodeError, LookupError):
            continue
    return _undeclared(data)


def _character_set(declared: str) -> list[str]:
    """Python's name of it, if there is one; by all its other names, such as `latin1`."""
    name = normalize_encoding(declared).lower()
    known = aliases.get(name, name)
    return [known] if _CHARACTER_SET.fullmatch(known) else []


def _undeclared(data: bytes) -> str:
    text = data.decode("utf-8-sig", "replace")
    broken = text.count("\ufffd")
    whole = sum(character > "\x7f" for character in text) - broken
    return text if whole > broken else data.decode("cp1251", "replace")


def _json(text: str) -> Any:
    try:
        return read_json(text)
    except ValueError as error:
        raise BadEvent("body", "is not JSON") from error


def _pairs(data: bytes, declared: str) -> Iterator[tuple[str, str]]:
    """Of a form. Latin-1 carries the bytes through the parser, so that each text is read alone."""
    if json.detect_encoding(data) not in ("utf-8", "utf-8-sig"):
        data = text_of(data, declared).encode("utf-8", "replace")
    data = _LOST_PLUS.sub(rb"\1%2B", data.removeprefix(b"\xef\xbb\xbf"))
    try:
        pairs = parse_qsl(
            data.decode("latin-1"),
            keep_blank_values=True,
            encoding="latin-1",
            max_num_fields=VALUES_AT_MOST,
        )
    except ValueError as error:
        raise RequestEntityTooLarge from error
    for name, value in pairs:
        yield text_of(name.encode("latin-1"), declared), text_of(value.encode("latin-1"), declared)


def _parts(data: bytes, boundary: str, declared: str) -> Iterator[tuple[str, str]]:
    """Of a multipart form; a file's content counts as its text. A part may declare a character
    set of its own."""
    try:
        decoder = MultipartDecoder(boundary.encode(), max_parts=VALUES_AT_MOST)
        decoder.receive_data(data)
        decoder.receive_data(None)
        name, value, own = "", bytearray(), declared
        while not isinstance(event := decoder.next_event(), Epilogue):
            if isinstance(event, Field | File):
                name, value = event.name or "", bytearray()
                kind = parse_options_header(event.headers.get("Content-Type"))
                own = kind[1].get("charset", declared)
            elif isinstance(event, Data):
                value += event.data
                if not event.more_data:
                    yield name, text_of(bytes(value), own)
    except ValueError as error:
        raise BadEvent("body", "is no multipart form") from error
