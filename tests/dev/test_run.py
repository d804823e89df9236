"""The whole product, started and stopped as `make run` does it."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import redis

from dev import valkey
from tests.dev.test_alone import free_port

ROOT = Path(__file__).resolve().parents[2]


class Run:
    """One `make run` with a data folder and ports of its own."""

    def __init__(self, data: Path) -> None:
        self.mark = f"DATA_FOLDER={data}"
        self.queue = valkey.url(data / "valkey")
        self.log = data.with_suffix(".log")
        self.portal = f"http://127.0.0.1:{(port := free_port())}"
        variables = {"DATA_FOLDER": str(data), "PORTAL_PORT": port, "SANDBOX_PORT": free_port()}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dev.run"],
                cwd=ROOT,
                env={**os.environ, **variables},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def ready(self) -> bool:
        deadline = time.monotonic() + 60
        while "Ready after" not in self.log.read_text():
            if self.process.poll() is not None or time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True

    def workers(self) -> int:
        """How many workers wait for jobs, once there are three: one for calls, two deliver."""
        deadline = time.monotonic() + 30
        with redis.Redis.from_url(self.queue) as client:
            while (number := client.scard("rq:workers")) < 3 and time.monotonic() < deadline:
                time.sleep(0.1)
        return number

    def left(self) -> list[str]:
        """What lives of this run: by its environment, which Valkey hides, or by its answer."""
        found = ["valkey"] if valkey.answers(self.queue) else []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                variables = (folder / "environ").read_bytes().split(b"\0")
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
            if self.mark.encode() in variables:
                found.append(command)
        return found


def test_it_leaves_nothing_behind_but_its_data(tmp_path: Path) -> None:
    """Started, killed with -9, started again on the same data, stopped by one Ctrl-C."""
    data = tmp_path / "data"
    killed = Run(data)
    assert killed.ready(), killed.log.read_text()
    with urllib.request.urlopen(killed.portal, timeout=10) as answer:
        assert answer.status == 200
    programs = " ".join(killed.left())
    for program in ("-m gunicorn", "-m worker", "-m sandbox", "valkey"):
        assert program in programs
    assert killed.workers() == 3, killed.log.read_text()
    secrets = (data / "demo.env").read_text()
    assert (data / "demo.env").stat().st_mode & 0o777 == 0o600
    killed.process.kill()
    killed.process.wait()

    stopped = Run(data)  # it waits until the first one's remains are gone
    assert stopped.ready(), stopped.log.read_text()
    assert (data / "demo.env").read_text() == secrets
    stopped.process.send_signal(signal.SIGINT)
    assert stopped.process.wait(30) == 0
    assert stopped.left() == []
