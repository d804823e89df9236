"""Waiting for a look at an org that goes on beside the page."""

import time

from core.checking import KIND
from portal.web.services import NAME
from tests.portal.helpers.client import Visitor

PATIENCE = 60
"""Seconds: a busy machine is slow."""


def await_looks(visitor: Visitor) -> None:
    """Until no pre-flight of an account of the fixtures runs."""
    checks = visitor.client.application.extensions[NAME].store.checks
    until = time.monotonic() + PATIENCE
    while any((one := checks.newest(name, KIND)) and one.is_running for name in ("acme", "other")):
        assert time.monotonic() < until, "a look at an org came to no end"
        time.sleep(0.05)
