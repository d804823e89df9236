"""The environment: typed, read once, and refusing to start half-set."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.salesforce.hosts import stand_in_of

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Names under which nobody but this machine is reached."""
A_KEY = 32
"""Characters of a key that programs carry, at least."""


class ConfigError(Exception):
    """The environment is incomplete or wrong; the message says which variable and what to do."""


class Config(BaseSettings):
    """Every variable the product reads. `docs/operations.md` describes each one."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    database_url: str
    redis_url: str
    secret_key: str = Field(min_length=32, repr=False)
    token_keys: str = Field(repr=False)
    """Fernet keys, comma separated; the first one seals, all of them open."""
    portal_url: str
    salesforce_client_id: str
    salesforce_client_secret: str = Field(repr=False)
    salesforce_login_url: str = "https://login.salesforce.com"
    package_url: str = (
        "https://login.salesforce.com/packaging/installPackage.apexp?p0=04t7Q000000IFCZ"
    )
    demo: bool = False
    """Seeded people, the demo-call button, plain-HTTP cookies on 127.0.0.1."""
    mail_folder: Path | None = None
    mail_url: str = Field(default="", repr=False, validate_default=True)
    """`smtp://user:password@host:port` or `smtps://…`; empty = `mail_folder`."""
    mail_from: str = "UniTalk <no-reply@unitalk.cloud>"
    admin_key: str = Field(default="", repr=False)
    """Bearer key of the provisioning API; empty = that API is off."""
    metrics_key: str = Field(default="", repr=False)
    """Bearer key of /metrics; empty = only this machine may read them, without a proxy."""
    trusted_proxies: int = 0
    """How many reverse proxies stand in front of the portal."""
    workers: int = 2
    """Worker processes that deliver."""
    lease_seconds: int = Field(default=60, ge=3)
    """How long a deliverer may be silent before another takes its account over; a request to
    Salesforce is given up after five sixths of it."""
    sweep_seconds: float = Field(default=2.0, gt=0)

    @field_validator("token_keys")
    @classmethod
    def _fernet_keys(cls, value: str) -> str:
        for key in value.split(","):
            Fernet(key.strip())
        return value

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
        if not (value or info.data.get("mail_folder") or info.data.get("demo")):
            raise ValueError("is not set, and MAIL_FOLDER neither: invitations would reach nobody")
        return value

    @field_validator("portal_url", "salesforce_login_url")
    @classmethod
    def _origin(cls, value: str) -> str:
        parts = urlsplit(value)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.path not in ("", "/")
        ):
            raise ValueError("must be an address such as https://portal.example.com")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("must start with https://")
        return value.rstrip("/")

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
        lines = [
            f"  {str(one['loc'][0]).upper()}: {_said(one['type'], one['msg'])}"
            for one in error.errors()
        ]
        raise ConfigError(
            "The environment is not complete (see .env.example):\n" + "\n".join(lines)
        ) from None


def _said(kind: str, message: str) -> str:
    return "is not set" if kind == "missing" else message.removeprefix("Value error, ")
