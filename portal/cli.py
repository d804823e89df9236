"""Commands: `flask --app wsgi …`."""

from __future__ import annotations

from flask import Flask


def attach(app: Flask) -> None:
    """Register every command."""
