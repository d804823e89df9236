"""The whole product, started as `make run` starts it, with a data folder and ports of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

import redis

from core import ROOT
from dev import valkey
from tests.helpers.ports import free_port


class Run:
    """One `make run` with a data folder and ports of its own."""

    def __init__(self, data: Path) -> None:
        self.mark = f"DATA_FOLDER={data}"
        self.queue = valkey.url(data / "valkey")
        self.log = data.with_suffix(".log")
        self.data = data
        port, org_port = str(free_port()), str(free_port())
        self.portal = f"http://127.0.0.1:{port}"
        self.org = f"http://127.0.0.1:{org_port}"
        ports = {"PORTAL_PORT": port, "SANDBOX_PORT": org_port}
        self.variables = {**os.environ, "DATA_FOLDER": str(data), **ports}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dev.run"],
                cwd=ROOT,
                env=self.variables,
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
        return int(number)

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
