"""Reads an answer within bounds: what one org sends must not take the memory of all."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable
from typing import Any

from core.json_values import count_values
from core.salesforce.errors import Transient, Unreadable

LARGEST = 16 * 1024 * 1024
"""Bytes, unpacked. The largest answer we ask for describes six objects: 13,000 fields of 1.2 kB,
where an org has at most 800 of its own on each. A page of 2,000 rows has about 1 MB."""
MOST_VALUES = 1_000_000
"""In one answer, as `core.json_values` counts them."""

ENCODINGS = "gzip"
"""`Accept-Encoding`: what can be unpacked piece by piece, within a bound."""
_GZIP = 16 + zlib.MAX_WBITS

Unpack = Callable[[bytes, int], bytes]
"""The bytes of a piece, of which no more are needed than so many."""


def whole(pieces: Iterable[bytes], encoding: str) -> bytes:
    """The unpacked body. Raises Unreadable when it is too large or packed in a way that we did not
    ask for, Transient when it is cut or broken."""
    if encoding in ("", "identity"):
        return _bounded(pieces, lambda piece, _: piece)
    if encoding != "gzip":
        raise Unreadable("ANSWER_ENCODING", encoding[:40])
    gzip = zlib.decompressobj(_GZIP)
    try:
        content = _bounded(
            pieces, lambda piece, most: b"" if gzip.eof else gzip.decompress(piece, most)
        )
    except zlib.error as broken:
        raise Transient("NO_ANSWER", "BrokenGzip") from broken
    if content and not gzip.eof:
        raise Transient("NO_ANSWER", "CutGzip")
    return content


def parsed(text: str) -> Any:
    """The JSON; None when there is none or it cannot be read as such. Raises Unreadable."""
    if count_values(text) > MOST_VALUES:
        raise Unreadable("ANSWER_TOO_LARGE", f"more than {MOST_VALUES} values")
    try:
        return json.loads(text) if text.strip() else None
    except ValueError:  # numbers of thousands of digits, too
        return None
    except RecursionError as deep:
        raise Unreadable("ANSWER_TOO_DEEP") from deep


def _bounded(pieces: Iterable[bytes], unpack: Unpack) -> bytes:
    received, content = 0, bytearray()
    for piece in pieces:
        received += len(piece)  # what follows a packed body counts, too
        content += unpack(piece, LARGEST + 1 - len(content))
        if max(received, len(content)) > LARGEST:
            raise Unreadable("ANSWER_TOO_LARGE", f"more than {LARGEST // 1024**2} MiB")
    return bytes(content)
