"""E-mail addresses, as people type them."""

from __future__ import annotations

import re

LONGEST = 254  # RFC 5321, 4.5.3.1.3
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(
    rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]"
)
"""What browsers take in a field for e-mail (HTML, "valid e-mail address"), with a dot in the
domain: nothing in it can end an address, begin another one or break a header."""


def normalised(text: str) -> str:
    """The one form in which an address is kept, looked up and counted; empty when too long.

    Its length is looked at first, so that no padding makes a second spelling of one address.
    """
    return text.strip().lower() if len(text) <= LONGEST else ""


def looks_like_email(text: str) -> bool:
    """Whether a mail could go there. Whether it arrives, only the mail tells."""
    return _ADDRESS.fullmatch(normalised(text)) is not None
