"""The environment of `make run`: the variables of production, with values for this machine.

Secrets are made once and kept in data/demo.env; a line added there by hand (another
DATABASE_URL, a real Salesforce app) wins over the value chosen here.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from dev import valkey


@dataclass(frozen=True)
class Demo:
    """Where the demo keeps its data and which ports of 127.0.0.1 it listens on."""

    data: Path
    portal_port: int
    sandbox_port: int

    @property
    def portal_url(self) -> str:
        return f"http://127.0.0.1:{self.portal_port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def callback_url(self) -> str:
        """Where Salesforce sends the person back to after consent."""
        return f"{self.portal_url}/salesforce/callback"


def read_demo() -> Demo:
    """From PORTAL_PORT, SANDBOX_PORT and DATA_FOLDER, or their defaults.

    Raises SystemExit when a port is no number.
    """
    return Demo(
        data=Path(os.environ.get("DATA_FOLDER", "data")).resolve(),
        portal_port=_port("PORTAL_PORT", 8000),
        sandbox_port=_port("SANDBOX_PORT", 8001),
    )


def environment(demo: Demo) -> dict[str, str]:
    """All variables that portal, worker and migrations read, on top of the person's own."""
    chosen = {
        "DATABASE_URL": f"sqlite:///{demo.data / 'unitalk.db'}",
        "REDIS_URL": valkey.url(demo.data / "valkey"),
        "PORTAL_URL": demo.portal_url,
        "SALESFORCE_LOGIN_URL": demo.sandbox_url,
        "MAIL_FOLDER": str(demo.data / "mail"),
        "DEMO": "1",
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **chosen, **_kept(demo.data / "demo.env")}


def _kept(path: Path) -> dict[str, str]:
    """The lines of the file, made with fresh secrets when it does not exist."""
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "TOKEN_KEYS": Fernet.generate_key().decode(),
            "SALESFORCE_CLIENT_ID": f"demo.{secrets.token_urlsafe(24)}",
            "SALESFORCE_CLIENT_SECRET": secrets.token_urlsafe(32),
        }
        path.touch(mode=0o600, exist_ok=False)  # before the secrets are in it
        path.write_text("".join(f"{name}={value}\n" for name, value in made.items()))
    lines = [line.strip() for line in path.read_text().splitlines()]
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name.strip(): value.strip() for name, _, value in pairs}


def _port(variable: str, default: int) -> int:
    text = os.environ.get(variable, str(default))
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SystemExit(f"{variable} must be a port number, 1 to 65535.")
    return int(text)
