"""What must hold before anything starts: free ports, and no other `make run` on the same data."""

import errno
import fcntl
import os
import socket
import time
from collections.abc import Mapping
from pathlib import Path

STILL_ENDING = 6.0  # seconds a killed run's guard may need to stop what was left


def take_lock(data: Path) -> int:
    """Lock the data folder for this process and return the lock's descriptor.

    Raises SystemExit when another run holds it.
    """
    path = data / "run.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + STILL_ENDING
    while not _locked(descriptor):
        owner = path.read_text().strip()
        if _alive(owner) or time.monotonic() > deadline:
            raise SystemExit(f"It is already running with this data (process {owner}): {data}")
        time.sleep(0.1)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def refuse_taken_ports(ports: Mapping[str, int]) -> None:
    """Check that each port of 127.0.0.1 is free. Keys are the variables that choose them.

    Raises SystemExit naming the first that is not, and the variable to set; or the variables that
    choose the same one.
    """
    for variable, port in ports.items():
        same = [name for name, other in ports.items() if other == port]
        if len(same) > 1:
            advice = f"{variable}={_another(port)} make run"
            raise SystemExit(f"{' and '.join(same)} are both {port}; choose another: {advice}")
    for variable, port in ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                why = "in use" if error.errno == errno.EADDRINUSE else "not allowed"
                advice = f"{variable}={_another(port)} make run"
                raise SystemExit(f"Port {port} is {why}; choose another: {advice}") from error


def _another(port: int) -> int:
    return port + 10000 if port < 55000 else 18000


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
