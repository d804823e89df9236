"""The environment: typed, read once, and refusing to start half-set."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core import addresses
from core.addresses import LOOPBACK
from core.salesforce.hosts import stand_in_of

A_KEY = 32
"""Characters of a key that programs carry, at least."""


def _as(read: Callable[[str], object]) -> AfterValidator:
    """A text that can be read so. Kept as the text: that is what libraries take."""

    def check(value: str) -> str:
        read(value)
        return value

    return AfterValidator(check)


Key = Annotated[str, Field(repr=False), _as(addresses.key)]
Origin = Annotated[str, AfterValidator(addresses.origin)]


class ConfigError(Exception):
    """The environment is incomplete or wrong; the message says which variable and what to do, and
    nothing of what it holds."""


class Config(BaseSettings):
    """Every variable the product reads. `docs/operations.md` describes each one."""

    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    database_url: Annotated[str, Field(repr=False), _as(addresses.database)]
    redis_url: Annotated[str, Field(repr=False), _as(addresses.redis)]
    secret_key: str = Field(min_length=32, repr=False)
    token_keys: Annotated[str, Field(repr=False), _as(addresses.fernet_keys)]
    """Fernet keys, comma separated; the first one seals, all of them open."""
    portal_url: Origin
    salesforce_client_id: Key
    salesforce_client_secret: Key
    salesforce_login_url: Annotated[str, AfterValidator(addresses.login_origin)] = (
        "https://login.salesforce.com"
    )
    package_url: Annotated[str, _as(addresses.page)] = (
        "https://login.salesforce.com/packaging/installPackage.apexp?p0=04t7Q000000IFCZ"
    )
    outgoing_addresses: Annotated[str, _as(addresses.networks)] = ""
    """Where our requests come from, for customers who admit known addresses only."""
    demo: bool = False
    """Seeded people, the demo-call button, plain-HTTP cookies on 127.0.0.1."""
    mail_folder: Path | None = None
    mail_url: str = Field(default="", repr=False, validate_default=True)
    """`smtp://user:password@host:port` or `smtps://…`; empty = `mail_folder`."""
    mail_from: Annotated[str, _as(addresses.sender)] = "UniTalk <no-reply@unitalk.cloud>"
    admin_key: Key = ""
    """Bearer key of the provisioning API; empty = that API is off."""
    metrics_key: Key = ""
    """Bearer key of /metrics; empty = only this machine may read them, without a proxy."""
    trusted_proxies: int = Field(default=0, ge=0, le=100)
    """How many reverse proxies stand in front of the portal."""
    workers: int = Field(default=2, ge=1, le=1000)
    """Worker processes that deliver."""
    lease_seconds: int = Field(default=60, ge=3, le=3600)
    """How long a deliverer may be silent before another takes its account over; a request to
    Salesforce is given up after three quarters of it."""
    sweep_seconds: float = Field(default=2.0, gt=0, le=3600)

    @field_validator("*", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return addresses.text(value) if isinstance(value, str) else value

    @field_validator("admin_key", "metrics_key")
    @classmethod
    def _long_or_none(cls, value: str) -> str:
        if 0 < len(value) < A_KEY:
            raise ValueError(f"must have at least {A_KEY} characters, or be empty")
        return value

    @field_validator("demo")
    @classmethod
    def _demo_stays_here(cls, value: bool, info: ValidationInfo) -> bool:
        address = info.data.get("portal_url", "")
        if value and urlsplit(address).hostname not in LOOPBACK:
            raise ValueError(
                "shows passwords and codes to whoever comes, so PORTAL_URL has to be 127.0.0.1"
            )
        return value

    @field_validator("mail_url")
    @classmethod
    def _mails_go_somewhere(cls, value: str, info: ValidationInfo) -> str:
        if value:
            addresses.mail_server(value)
        elif not (info.data.get("mail_folder") or info.data.get("demo")):
            raise ValueError("is not set, and MAIL_FOLDER neither: invitations would reach nobody")
        return value

    @property
    def stand_in(self) -> str | None:
        """Origin of the stand-in org, when one is configured as the login address."""
        return stand_in_of(self.salesforce_login_url)

    @property
    def secure(self) -> bool:
        """Whether people reach the portal by TLS."""
        return self.portal_url.startswith("https:")

    @property
    def callback_url(self) -> str:
        return f"{self.portal_url}/salesforce/callback"


def read_config() -> Config:
    """Read the environment.

    Raises:
        ConfigError: naming every variable that is missing or wrong.
    """
    try:
        return Config()
    except ValidationError as error:
        wrong = [
            f"  {str(one['loc'][0]).upper()}: {_said(one['type'], one['msg'])}"
            for one in error.errors(include_input=False, include_context=False)
        ]
    # Out here: an error that hangs on this one would carry what was read.
    raise ConfigError("The environment is not complete (see .env.example):\n" + "\n".join(wrong))


def read_database_url() -> str:
    """The one variable that migrations need. Raises ConfigError."""
    value = os.environ.get("DATABASE_URL", "")
    try:
        value = addresses.text(value)
        addresses.database(value)
    except ValueError as error:
        said = str(error) if value else "is not set"
    else:
        return value
    raise ConfigError(f"DATABASE_URL {said}")


def _said(kind: str, message: str) -> str:
    return "is not set" if kind == "missing" else message.removeprefix("Value error, ")
