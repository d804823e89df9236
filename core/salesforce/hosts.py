"""The guard on every address a token, a secret or a person may be sent to.

Hosts of Salesforce: Salesforce Help, "My Domain URL Formats". `*.lightning.force.com` is where
people work; it serves no API.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

SANDBOX_LOGIN = "https://test.salesforce.com"
GENERIC_LOGINS = frozenset({"login.salesforce.com", "test.salesforce.com"})
_LABELS = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_MY_DOMAIN = re.compile(rf"(?:{_LABELS}\.)+my\.salesforce\.com")
_SALESFORCE = re.compile(rf"(?:{_LABELS}\.)+salesforce\.com")
_SAFE = re.compile(r"[A-Za-z0-9:/?=&%._~#+,;-]+")
"""No white space, control characters, user part, back-slash, or letters beyond ASCII."""


class HostRefused(ValueError):
    """An address that is not Salesforce's. `code`: `host.unreadable`, `host.not_https`,
    `host.lightning` (the address people work at, not the My Domain), `host.not_salesforce` or
    `host.generic` (where all orgs log in)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_login_host(address: str, stand_in: str | None) -> str:
    """The origin to log in at, e.g. `https://acme.my.salesforce.com`, or `HostRefused`.

    Takes what a person pastes: a bare domain, or the address of any page under it. `stand_in`
    is the one origin allowed besides Salesforce's own, exactly as configured, or None.
    """
    address = address.strip()
    if stand_in is not None and address.rstrip("/") == stand_in.rstrip("/"):
        return stand_in.rstrip("/")
    host = _https_host(address if "://" in address else f"https://{address}")
    if host.endswith(".lightning.force.com"):
        raise HostRefused("host.lightning")
    if host not in GENERIC_LOGINS and not _MY_DOMAIN.fullmatch(host):
        raise HostRefused("host.not_salesforce")
    return f"https://{host}"


def check_my_domain(address: str, stand_in: str | None) -> str:
    """The same, of one org only: no other address gives an app access without a person."""
    origin = check_login_host(address, stand_in)
    if urlsplit(origin).hostname in GENERIC_LOGINS:
        raise HostRefused("host.generic")
    return origin


def check_salesforce_url(url: str, stand_in: str | None) -> str:
    """The URL itself when it leads to Salesforce (or the stand-in's origin), else `HostRefused`.

    For addresses in Salesforce's answers: `instance_url`, the identity URL, a redirect.
    """
    if stand_in is not None and (url == stand_in or url.startswith(stand_in.rstrip("/") + "/")):
        return url
    if not _SALESFORCE.fullmatch(_https_host(url)):
        raise HostRefused("host.not_salesforce")
    return url


def stand_in_of(address: str) -> str | None:
    """The address if it is the stand-in's: only that one may do without TLS (see `Config`)."""
    return address if address.startswith("http:") else None


def _https_host(url: str) -> str:
    if not _SAFE.fullmatch(url):
        raise HostRefused("host.unreadable")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as broken:
        raise HostRefused("host.unreadable") from broken
    if parts.scheme.lower() != "https":
        raise HostRefused("host.not_https")
    if port not in (None, 443) or not parts.hostname:
        raise HostRefused("host.unreadable")
    return parts.hostname.lower()
