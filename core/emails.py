"""E-mail addresses, as people type them."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"[^\s@<>\"',;:\\\x00-\x1f]{1,64}@[^\s@<>\"',;:\\\x00-\x1f]+\.[^\s@.]{2,}")
LONGEST = 254  # RFC 5321, 4.5.3.1.3


def looks_like_email(text: str) -> bool:
    """Whether a mail could go there. Whether it arrives, only the mail tells."""
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None
