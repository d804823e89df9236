"""Ports of 127.0.0.1 for servers that have to be told theirs."""

import os
import random
import socket

FIRST, LAST = 20_000, 32_000
"""Below those that the kernel gives out by itself (from 32768 on Linux, 49152 elsewhere)."""
EACH = 400
"""How many each of xdist's processes has to itself, so that no two of a run take the same one."""


def _own_ports() -> list[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = FIRST + worker * EACH % (LAST - FIRST)
    # Shuffled: another run on this machine has the same ports.
    return random.SystemRandom().sample(range(first, first + EACH), EACH)


_left = _own_ports()


def free_port() -> int:
    """One that nobody listens on; no second call of this process returns it."""
    while True:
        port = _left.pop()
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
