"""A small process that outlives its owner just long enough to stop what the owner started.

The owner holds a pipe to it. When the pipe closes, be it by close() or because the owner was
killed with -9, the guard ends every process group whose number is a file name in its folder,
then removes the folder. A folder rather than messages, so that any process of ours may add one.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from core import ROOT

PATIENCE = 3.0  # seconds between asking and killing


class Guard:
    """Ends the registered process groups when this process ends, however it ends."""

    def __init__(self, keep_open: Iterable[int] = ()) -> None:
        """Start the guard. Descriptors in `keep_open` (a lock, say) stay open until it is done."""
        self.folder = Path(tempfile.mkdtemp(prefix="unitalk-"))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dev.guard", self.folder],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            start_new_session=True,
            pass_fds=tuple(keep_open),
        )

    def close(self) -> None:
        """Have everything still registered stopped, and wait for that."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()


def register(folder: Path, group: int) -> None:
    """Put a process group under the guard of that folder."""
    (folder / str(group)).touch()


def release(folder: Path, group: int) -> None:
    """Take a process group that has ended out of the guard's care."""
    (folder / str(group)).unlink(missing_ok=True)


def end_groups(groups: Iterable[int], patience: float = PATIENCE) -> None:
    """Ask all the groups to stop, wait until they are gone, and kill those that are not."""
    left = set(groups)
    for group in left:
        send(group, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while left and time.monotonic() < deadline:
        left = {group for group in left if send(group, 0)}
        time.sleep(0.02)
    for group in left:
        send(group, signal.SIGKILL)


def send(group: int, number: int) -> bool:
    """Send a signal (0 only asks) to a process group; False when nobody is left in it."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def _watch(folder: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # only the pipe says when
    sys.stdin.buffer.read()
    end_groups(int(entry.name) for entry in folder.iterdir() if entry.name.isdecimal())
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)


if __name__ == "__main__":
    _watch(Path(sys.argv[1]))
