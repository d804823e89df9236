"""Files of /static, packed as small as Brotli can, once in the life of a process.

They are packed harder than pages, which are made anew for each visit and must not wait for it.
"""

from __future__ import annotations

from functools import lru_cache

import brotli  # type: ignore[import-untyped]
from flask import Flask, request
from werkzeug import Response

QUALITY = 11
"""The most. The last step costs the first visitor of a process half a second, and saves each three
per cent."""
LEAST = 500
"""Bytes; less is not worth it."""
NEEDLESS = ("Content-Disposition", "Expires", "Last-Modified", "Accept-Ranges")
"""Headers that say nothing new: a file has its ETag, and its address changes with its content."""
KINDS = ("text/css", "text/javascript", "image/svg+xml")


def attach(app: Flask) -> None:
    """Call it after Flask-Compress was attached: what is packed here, that one leaves alone."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if request.endpoint != "static" or response.status_code != 200:
        return response
    for name in NEEDLESS:
        response.headers.pop(name, None)
    if response.mimetype not in KINDS or (response.content_length or 0) < LEAST:
        return response
    if not request.accept_encodings["br"]:
        return response
    response.direct_passthrough = False
    etag, _ = response.get_etag()
    response.set_data(_packed(etag or "", response.get_data()))
    response.headers["Content-Encoding"] = "br"
    response.set_etag(f"{etag}:br")
    response.make_conditional(request)
    return response


@lru_cache(maxsize=64)
def _packed(_etag: str, content: bytes) -> bytes:
    packed: bytes = brotli.compress(content, quality=QUALITY)
    return packed
