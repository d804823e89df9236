"""The key that signs browser sessions, kept beside the data so that a restart ends none."""

import secrets
from pathlib import Path


def session_secret(folder: Path) -> str:
    """The folder's key, made on first use."""
    path = folder / "session.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32))
    return path.read_text()
