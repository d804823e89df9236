"""Addresses and keys as the environment spells them: read whole, or refused.

Every refusal is a ValueError that says what it must be. None repeats any of what was there: a
password with a slash in it becomes a host or a port to whoever reads on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from ipaddress import ip_address, ip_network
from typing import Any, ParamSpec, TypeVar
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from cryptography.fernet import Fernet
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from core.emails import looks_like_email
from core.salesforce.hosts import HostRefused, check_login_host, stand_in_of

P = ParamSpec("P")
R = TypeVar("R")

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Names under which nobody but this machine is reached."""
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?", re.IGNORECASE)
_NOT_IN_ADDRESSES = re.compile(r"[\s<>\"\\]")
_NAME = re.compile(r"[^/@:#?\\\s]+")
_FERNET = re.compile(r"[\w+/-]{43}=", re.ASCII)
_POSTGRESQL = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://")
_LIBPQ = {
    **dict.fromkeys(("connect_timeout", "tcp_user_timeout", "keepalives"), "[0-9]{1,9}"),
    **{f"keepalives_{one}": "[0-9]{1,9}" for one in ("idle", "interval", "count")},
    **dict.fromkeys(("sslcompression", "sslsni", "gssdelegation"), "[01]"),
    **dict.fromkeys(("channel_binding", "gssencmode"), "disable|prefer|require"),
    **dict.fromkeys(("ssl_min_protocol_version", "ssl_max_protocol_version"), r"TLSv1(\.[1-3])?"),
    "sslmode": "disable|allow|prefer|require|verify-ca|verify-full",
    "sslcertmode": "disable|allow|require",
    "sslnegotiation": "postgres|direct",
    "load_balance_hosts": "disable|random",
    "target_session_attrs": "any|read-write|read-only|primary|standby|prefer-standby",
    "client_encoding": "(?i:auto|utf-?8|unicode)",
}
"""What it takes for options that it reads only as it connects (PostgreSQL's manual, "Parameter Key
Words"). Another encoding than UTF-8 cannot hold what people write."""
_REDIS = frozenset({"db", "username", "password", "client_name", "protocol", "timeout"}) | {
    *("socket_timeout", "socket_connect_timeout", "socket_keepalive", "retry_on_timeout"),
    *("max_connections", "health_check_interval", "ssl_cert_reqs", "ssl_check_hostname"),
    *("ssl_ca_certs", "ssl_ca_path", "ssl_certfile", "ssl_keyfile", "ssl_password"),
    *("ssl_ca_data", "ssl_ciphers", "ssl_min_version"),
    *("ssl_include_verify_flags", "ssl_exclude_verify_flags"),
}
"""Those of redis-py's options that a text can be; others are objects, or what it gives us."""
_NO_URL = (SQLAlchemyError, ValueError)
_ADVICE = "percent-encode signs such as / # ? @ in a password"


def text(value: str) -> str:
    """What stands between the white space; nothing that no terminal shows."""
    value = value.strip()
    if not value.isprintable():  # half of a surrogate pair stands for a byte that is no UTF-8
        raise ValueError("holds a control character, or a byte that is no UTF-8")
    return value


def key(value: str) -> str:
    """Something that travels in headers."""
    if not value.isascii() or " " in value:
        raise ValueError("must be letters, digits and signs of ASCII, without a space")
    return value


def origin(value: str) -> str:
    """`https://host`, on this machine also `http://…`; in small letters, without the slash at its
    end."""
    parts = _parts(value, ("https", "http"))
    # A browser's origin, to which it is compared, has none of these, even empty.
    if parts is None or parts.path not in ("", "/") or re.search(r"[?#@]|:/?$", value):
        raise ValueError("must be an address such as https://portal.example.com")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("must start with https://")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def login_origin(value: str) -> str:
    """Where orgs sign in: Salesforce's, or the stand-in's."""
    value = origin(value)
    if _tried(HostRefused, check_login_host, value, stand_in_of(value)) is None:
        raise ValueError("must be https://login.salesforce.com, a My Domain or the stand-in org")
    return value


def page(value: str) -> str:
    """A page that people are led to."""
    parts = _parts(value, ("https",))
    if parts is None or parts.username is not None:
        raise ValueError("must be the address of a page, https://…")
    return value


def networks(value: str) -> list[str]:
    """IP addresses and networks, separated by commas."""
    found = [one.strip() for one in value.split(",")] if value else []
    if any(_tried(ValueError, ip_network, one) is None for one in found):
        raise ValueError(
            "must be IP addresses or networks such as 203.0.113.7 or 198.51.100.0/24, separated by"
            " commas"
        )
    return found


def database(value: str) -> URL:
    """SQLite in a file, or PostgreSQL by psycopg; options as libpq knows them."""
    if value.startswith("sqlite:"):
        return _sqlite(value)
    url = _tried(_NO_URL, make_url, _POSTGRESQL.sub("postgresql+psycopg://", value, 1))
    if url is None or url.drivername != "postgresql+psycopg":
        raise ValueError("must be postgresql+psycopg://user:password@host/name or sqlite:////path")
    in_place = _is_host(url.host or "localhost") and _NAME.fullmatch(url.database or "")
    if not in_place or url.port == 0 or (url.port or 1) > 65535:
        raise ValueError(f"has no host, port or name where they belong: {_ADVICE}")
    if url.query and not _knows_libpq(url):
        raise ValueError("has an option that PostgreSQL's libpq does not know, or a wrong value")
    return url


def redis(value: str) -> str:
    """`rediss://`, `redis://` or `unix://` with redis-py's own options, if a text can be one."""
    if value.startswith("unix:///"):
        fits = True
    else:
        parts = _parts(value, ("redis", "rediss"))
        fits = parts is not None and bool(re.fullmatch(r"(?:/\d{0,4})?", parts.path))
    if not fits:
        raise ValueError(
            f"must be rediss://:password@host:6379/0, redis://… or unix:///path: {_ADVICE}"
        )
    wrong = (ValueError, TypeError, RedisError)  # of its options
    made = _tried(wrong, lambda: Redis.from_url(value).connection_pool.make_connection())
    if made is None or not _REDIS.issuperset(parse_qs(urlsplit(value).query)):
        raise ValueError("has an option that no address of Redis takes, or a wrong value")
    return value


def mail_server(value: str) -> str:
    """`smtp://` or `smtps://`."""
    parts = _parts(value, ("smtp", "smtps"))
    if parts is None or parts.path not in ("", "/") or parts.query:
        raise ValueError(f"must be smtps://user:password@host:465 or smtp://…: {_ADVICE}")
    if parts.password and not parts.username:
        raise ValueError("has a password without a user")
    if not unquote((parts.username or "") + (parts.password or "")).isascii():
        raise ValueError("has a user or a password beyond ASCII, which SMTP does not take")
    return value


def sender(value: str) -> Address:
    """Of letters: one address, with or without a name."""
    mail = EmailMessage()
    wrong = (ValueError, LookupError, AttributeError, TypeError, MessageError)
    _tried(wrong, mail.__setitem__, "From", value)
    found: Any = mail["From"].addresses if mail["From"] and not mail["From"].defects else ()
    if len(found) != 1 or not looks_like_email(found[0].addr_spec):
        raise ValueError("must be one e-mail address, such as UniTalk <no-reply@example.com>")
    address: Address = found[0]
    return address


def fernet_keys(value: str) -> list[Fernet]:
    """Separated by commas."""
    keys = [one.strip() for one in value.split(",")]
    if not all(map(_FERNET.fullmatch, keys)):  # base 64 itself leaves out what is none
        raise ValueError("must be Fernet keys (32 bytes in base 64), separated by commas")
    return [Fernet(one) for one in keys]


def _parts(value: str, schemes: Collection[str]) -> SplitResult | None:
    """None when a part is not what its place says, or there is a fragment."""
    parts = _tried(ValueError, urlsplit, value)
    if parts is None or not _has_a_port(parts):
        return None
    if parts.scheme not in schemes or parts.fragment or _NOT_IN_ADDRESSES.search(value):
        return None
    return parts if _is_host(parts.hostname or "") else None


def _has_a_port(parts: SplitResult) -> bool:
    """Or none. `port` is read only when it is asked for."""
    try:
        return parts.port != 0
    except ValueError:
        return False


def _is_host(name: str) -> bool:
    return bool(_HOST.fullmatch(name)) or _tried(ValueError, ip_address, name) is not None


def _sqlite(value: str) -> URL:
    url = _tried(_NO_URL, make_url, value)
    if url is None or url.drivername != "sqlite" or url != URL.create(
        "sqlite", database=url.database or "?"
    ):  # fmt: skip
        raise ValueError("must be the path of a file, sqlite:////absolute/path.db")
    return url


def _knows_libpq(url: URL) -> bool:
    dialect: Any = url.get_dialect()
    psycopg = dialect.import_dbapi()  # only where it is needed
    _, made = _tried(_NO_URL, dialect(dbapi=psycopg).create_connect_args, url) or ([], {"": ""})
    options = {name: one for name, one in made.items() if isinstance(one, str | int)}
    ports = str(options.get("port", "5432")).split(",")
    return (
        _tried(psycopg.Error, psycopg.conninfo.make_conninfo, **options) is not None
        and all(one.isdecimal() and 0 < int(one) < 65536 for one in ports)
        and all(
            re.fullmatch(_LIBPQ.get(name, "(?s:.*)"), str(one)) for name, one in options.items()
        )
        and all(
            _tried(ValueError, ip_address, one) is not None
            for one in filter(None, str(options.get("hostaddr", "")).split(","))
        )
    )


def _tried(
    wrong: type[Exception] | tuple[type[Exception], ...],
    read: Callable[P, R],
    *given: P.args,
    **named: P.kwargs,
) -> R | None:
    """None when it fails so. What it says then is forgotten: it may quote what it read."""
    try:
        return read(*given, **named)
    except wrong:
        return None
