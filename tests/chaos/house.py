"""The product's processes and servers, started, killed and started again."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import psycopg
import redis
from cryptography.fernet import Fernet
from sqlalchemy import make_url

from dev import find, valkey
from dev.guard import Guard, register
from tests.chaos.options import Options
from tests.helpers.databases import ROOT, migrate
from tests.helpers.ports import free_port
from tests.helpers.servers import await_answer, start_postgresql

CLIENT_ID = "chaos.client"
SECOND_WORKER = "worker of a second machine"
CLOCK = Path(__file__).parent / "clock"


class House:
    """Everything of one run, in one folder; `close` leaves nothing behind."""

    def __init__(self, options: Options, folder: Path) -> None:
        self._options = options
        self._guard = Guard()
        self._folder = folder
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._ports = {name: free_port() for name in ("portal", "org", "redis")}
        self.portal_url = f"http://127.0.0.1:{self._ports['portal']}"
        self.org_url = f"http://127.0.0.1:{self._ports['org']}"
        self.database_url = f"sqlite:///{folder / 'unitalk.db'}"
        self.redis_url = f"redis://127.0.0.1:{self._ports['redis']}/0"
        if options.redis == "valkey":
            self.redis_url = valkey.url(folder / "valkey")
        self.workers = ("worker", SECOND_WORKER)[: options.machines]
        self.kills = 0

    def open(self) -> None:
        """Start all but portal and worker: accounts are prepared before those."""
        if self._options.database == "postgresql":
            server = start_postgresql(self._guard.folder)
            self.database_url = server.format(name="postgres")
        migrate(self.database_url)
        self.environment = self._environment()
        self.start_redis()
        self._start("org", [
            sys.executable, "-m", "sandbox", "--data", str(self._folder / "org"),
            "--port", str(self._ports["org"]), "--client-id", CLIENT_ID,
            "--client-secret", "chaos-secret",
            "--callback-url", f"{self.portal_url}/salesforce/callback",
        ])  # fmt: skip
        await_answer(lambda: httpx.get(f"{self.org_url}/services/data"), httpx.TransportError)

    def start_redis(self, *, empty: bool = True) -> None:
        """With what was in it before, unless `empty`."""
        data = self._folder / self._options.redis
        if empty:
            shutil.rmtree(data, ignore_errors=True)
        if self._options.redis == "valkey":
            command = valkey.command(data)
        else:
            data.mkdir(exist_ok=True)
            command = [str(find.redis_server()), "--port", str(self._ports["redis"])]
            command += ["--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"]
            command += ["--dir", str(data)]
        self._start("redis", command)
        await_answer(lambda: redis.Redis.from_url(self.redis_url).ping(), redis.ConnectionError)

    def start_product(self) -> None:
        """Portal and worker, as far as they do not run: what a process manager does."""
        build = self._options.build
        portal = "wsgi:app"
        worker = "worker" if build == "good" else f"tests.chaos.broken.{build}"
        if build == "late_ledger":
            portal = "tests.chaos.broken.late_ledger:create()"
        if not self.runs("portal"):
            self._start("portal", [
                sys.executable, "-m", "gunicorn", "--workers=2", "--worker-class=gthread",
                "--threads=4", "--no-control-socket", "--log-level=warning",
                f"--bind=127.0.0.1:{self._ports['portal']}", portal,
            ])  # fmt: skip
        for name in self.workers:
            if not self.runs(name):
                self._start(name, [sys.executable, "-m", worker])

    def runs(self, name: str) -> bool:
        return name in self._processes and self._processes[name].poll() is None

    def kill(self, name: str) -> None:
        """`kill -9` of one process, its children left to themselves."""
        self._processes[name].kill()
        self._processes[name].wait()
        self.kills += 1

    def stop(self, name: str, seconds: float) -> int:
        """Ask a process to end; its status."""
        self._processes[name].terminate()
        return self._processes[name].wait(seconds)

    def freeze(self, name: str) -> None:
        """It is there, and says nothing any more."""
        self._processes[name].send_signal(signal.SIGSTOP)

    def kill_a_child(self, name: str, dice: random.Random) -> None:
        """`kill -9` of one of the processes that this one started."""
        if children := self.children(name):
            self.kill_these([dice.choice(children)])

    def children(self, name: str) -> list[int]:
        return _children(self._processes[name].pid)

    def kill_these(self, processes: list[int]) -> None:
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
                self.kills += 1

    def restart_redis_empty(self) -> None:
        self.kill("redis")
        self.start_redis()

    def cut_database(self) -> None:
        """PostgreSQL ends every connection; SQLite is held by another writer for some seconds."""
        if self._options.database == "postgresql":
            url = make_url(self.database_url).set(drivername="postgresql")
            with psycopg.connect(url.render_as_string(), autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            return
        connection = sqlite3.connect(self._folder / "unitalk.db", isolation_level=None, timeout=30)
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(3)
        connection.execute("ROLLBACK")
        connection.close()

    def close(self) -> None:
        self._guard.close()

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "TOKEN_KEYS": Fernet.generate_key().decode(),
            "PORTAL_URL": self.portal_url,
            "SALESFORCE_LOGIN_URL": self.org_url,
            "SALESFORCE_CLIENT_ID": CLIENT_ID,
            "SALESFORCE_CLIENT_SECRET": "chaos-secret",
            "MAIL_FOLDER": str(self._folder / "mail"),
            "LEASE_SECONDS": str(self._options.lease),
            "SWEEP_SECONDS": "1",
            "DEMO": "1",
            "PYTHONUNBUFFERED": "1",
        }

    def _environment_of(self, name: str) -> dict[str, str]:
        if self._options.machines == 2 and name in ("portal", SECOND_WORKER):
            return self.environment | with_clock(self._options.clock_ahead)
        return self.environment

    def _start(self, name: str, command: list[str]) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self._environment_of(name),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        register(self._guard.folder, process.pid)
        self._processes[name] = process


def with_clock(ahead: float) -> dict[str, str]:
    """What gives a Python process, and those that it starts, a clock so many seconds ahead."""
    return {"CLOCK_AHEAD": str(ahead), "PYTHONPATH": str(CLOCK)}


def _children(parent: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def patiently(ask: Callable[[], object], seconds: float, pause: float = 0.3) -> bool:
    """Ask until the answer is true; False when it is not in time."""
    deadline = time.monotonic() + seconds
    while not ask():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
