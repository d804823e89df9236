"""The product over PostgreSQL and Redis that can be stopped, made read-only and replaced."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
import redis

from core.objects import CALL_KEY
from core.store import Store
from dev import find
from dev.guard import register
from tests.chaos.house import House, patiently
from tests.chaos.options import Options
from tests.chaos.orgs import Orgs
from tests.helpers.events import event
from tests.helpers.servers import await_answer

PATIENCE = 90.0
"""Seconds; what is waited for is there in a few on a machine with nothing else to do."""


class Site(House):
    """One account, connected and switched on; portal, worker, org, PostgreSQL and Redis run."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Options(accounts=1, database="postgresql", redis="redis"), folder)
        self.open()
        self.database_home = self._guard.folder / "postgresql"
        self.store = Store(self.database_url, self.environment["TOKEN_KEYS"])
        self.orgs = Orgs(self._options, self, self.store)
        self.orgs.prepare()
        self.account = self.orgs.accounts[0]
        self.start_product()
        await_answer(lambda: httpx.get(f"{self.portal_url}/healthz"), httpx.TransportError)
        assert self.until(lambda: self.ready() == (200, "ok")), "the portal never was ready"

    def processes(self) -> dict[str, int]:
        """Those that a process manager would have to start again, had they ended."""
        return {name: self._processes[name].pid for name in ("portal", "worker") if self.runs(name)}

    def until(self, asked: Callable[[], bool]) -> bool:
        return patiently(asked, PATIENCE, pause=0.2)

    def ready(self) -> tuple[int, str]:
        """The status of /readyz, and what it says of Redis."""
        answer = httpx.get(f"{self.portal_url}/readyz", timeout=60)
        return answer.status_code, answer.json()["redis"]

    def hand_over(self, dbid: int) -> httpx.Response:
        """One call, as telephony posts it; each from a number of its own."""
        number = f"38050111{dbid:04d}"
        headers = {"Authorization": f"Bearer {self.orgs.keys[self.account]}"}
        body = event(dbid=dbid, **{"from": number})
        url = f"{self.portal_url}/api/calls"
        return httpx.post(url, json=body, headers=headers, timeout=60)

    def written(self) -> list[str]:
        """Keys of the calls that are in the org, sorted."""
        tasks = self.orgs.records(self.account, "Task")
        return sorted(str(task[CALL_KEY]) for task in tasks)

    def ask_database(self, statement: str) -> Any:
        """One statement that no transaction surrounds."""
        address = f"host={self.database_home} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)

    def stop_database(self) -> None:
        """As for an upgrade: every connection is ended."""
        self._control(self.database_home, "stop", "-m", "fast")

    def start_database(self) -> None:
        self._control(self.database_home, "restart")  # with the options it had

    def add_replica(self) -> Path:
        """A second server that follows the first; returns its home."""
        home = self.database_home / "replica"
        self._as_postgres("mkdir", "-m", "700", str(home), cwd=home.parent)
        source = ["-h", str(self.database_home), "-U", "postgres"]
        self._as_postgres(
            str(self._program("pg_basebackup")), *source, "-D", str(home / "data"),
            "-R", "-c", "fast", "--no-sync", cwd=home,
        )  # fmt: skip
        options = f"-c listen_addresses= -c unix_socket_directories={home} -c max_connections=200"
        self._control(home, "start", "-o", options)
        return home

    def lead_to(self, replica: Path) -> None:
        """The address of the first server is the replica's from now on."""
        name = ".s.PGSQL.5432"
        (self.database_home / name).symlink_to(replica / name)

    def promote(self, replica: Path) -> None:
        self._control(replica, "promote")

    def set_redis_password(self, password: str, known: str = "") -> None:
        """Everybody has to sign in anew, with it."""
        with redis.Redis.from_url(self.redis_url, password=known or None) as client:
            client.config_set("requirepass", password)
            client.client_kill_filter(_type="normal", skipme=True)

    def close(self) -> None:
        self.store.close()
        super().close()

    def _control(self, home: Path, *words: str) -> None:
        log = str(home / "server.log")
        command = [str(self._program("pg_ctl")), *words, "-D", str(home / "data"), "-w", "-l", log]
        self._as_postgres(*command, cwd=home)
        if words[0] in ("start", "restart"):
            register(self._guard.folder, int((home / "data/postmaster.pid").read_text().split()[0]))

    def _as_postgres(self, *command: str, cwd: Path) -> None:
        user = pwd.getpwnam("postgres").pw_name if os.geteuid() == 0 else None
        done = subprocess.run(
            command, cwd=cwd, user=user, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    def _program(self, name: str) -> Path:
        initdb = find.initdb()
        assert initdb
        return initdb.parent / name
