"""The second factor: codes of an authenticator app (TOTP, RFC 6238), by pyotp."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pyotp
import segno
from markupsafe import Markup

ISSUER = "UniTalk Salesforce"
STEP = 30  # seconds, as every authenticator app assumes
STEPS_APART = (0, -1, 1)
"""A phone's clock may be half a minute off."""


def new_secret() -> str:
    """160 random bits in base 32."""
    return pyotp.random_base32()


def match(code: str) -> Callable[[str], int | None]:
    """For `store.factors.check`: in which step, near now, the code is right."""
    digits = "".join(code.split())

    def step_of(secret: str) -> int | None:
        now = int(datetime.now(UTC).timestamp())
        totp = pyotp.TOTP(secret)
        for apart in STEPS_APART:
            if totp.verify(digits, for_time=now + apart * STEP):
                return now // STEP + apart
        return None

    return step_of


def code_now(secret: str) -> str:
    return pyotp.TOTP(secret).now()


def qr_code(secret: str, email: str) -> Markup:
    """What an authenticator app scans, as SVG without inline styles."""
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)
    picture = segno.make(address, error="m")
    return Markup(picture.svg_inline(omitsize=True, svgclass="qr", lineclass=None))  # noqa: S704
