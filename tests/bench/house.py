"""Servers and processes of a run: PostgreSQL, Redis, the thin org, and whatever a part starts."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import redis
from cryptography.fernet import Fernet

from core.config import Config
from core.store import Store
from dev import find
from dev.guard import Guard, end_groups, register, release
from tests.bench.org.look import CLIENT_ID
from tests.helpers.databases import ROOT, administer, migrate
from tests.helpers.ports import free_port
from tests.helpers.servers import await_answer, start_postgresql, start_redis, start_valkey

WORKERS = 2
PORTAL = [
    sys.executable, "-m", "gunicorn", "--workers=2", "--worker-class=gthread", "--threads=8",
    "--no-control-socket", "--log-level=warning",
]  # fmt: skip
"""As docs/operations.md has it."""
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
"""Tests do without; here a commit costs what it costs a customer."""
INTAKE_ROLE = "portal"
"""Whom the portal is in PostgreSQL: its statements are counted apart from the worker's."""


class House:
    """Everything of one run; `close` leaves nothing behind."""

    def __init__(self, lost: str = "") -> None:
        """`lost` names a call whose Task the org drops silently."""
        self._lost = lost
        self._guard = Guard()
        self.folder = self._guard.folder
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._ports = {name: free_port() for name in ("org", "portal", "bare")}
        self.org_url = f"http://127.0.0.1:{self._ports['org']}"
        self.portal_url = f"http://127.0.0.1:{self._ports['portal']}"
        self.bare_url = f"http://127.0.0.1:{self._ports['bare']}"
        self.database_url = ""
        self.token_keys, self.secret_key = Fernet.generate_key().decode(), secrets.token_hex(32)
        self._server = start_postgresql(
            self.folder, shared_preload_libraries="pg_stat_statements", **DURABLE
        )
        administer(self._server, "CREATE DATABASE template_of_ours")
        migrate(self._server.format(name="template_of_ours"))
        administer(self._server, f"CREATE ROLE {INTAKE_ROLE} SUPERUSER LOGIN")
        start = start_redis if find.redis_server() else start_valkey
        self.redis_url = start(self.folder)
        self.redis = redis.Redis.from_url(self.redis_url)
        self.start("org", "tests.bench.org", str(self._ports["org"]), TMPDIR=str(self.folder))
        self.control = httpx.Client(base_url=f"{self.org_url}/control", timeout=60)
        await_answer(lambda: self.control.get(""), httpx.TransportError)
        self._databases = 0

    @contextmanager
    def fresh(self, database: str = "PostgreSQL", latency: float = 0.05) -> Iterator[Store]:
        """An empty database, Redis and org; what was started meanwhile is stopped at the end."""
        self._databases += 1
        name = f"bench{self._databases}"
        if database == "PostgreSQL":
            administer(self._server, f"CREATE DATABASE {name} TEMPLATE template_of_ours")
            self.database_url = self._server.format(name=name)
        else:
            self.database_url = f"sqlite:///{tempfile.mkdtemp(dir=self.folder)}/bench.db"
            migrate(self.database_url)
        self.redis.flushall()
        self.ask_org("/reset", {})
        self.ask_org("", {"latency": latency, "drop": self._lost})
        store = Store(self.database_url, self.token_keys)
        try:
            yield store
        finally:
            self.stop_all()
            store.close()
            if database == "PostgreSQL":
                administer(self._server, f"DROP DATABASE {name} WITH (FORCE)")

    @property
    def config(self) -> Config:
        return Config(**{name.lower(): value for name, value in self._variables().items()})

    def ask_org(self, path: str, choose: Any = None) -> Any:
        """Its control interface; `choose` changes something."""
        method = "GET" if choose is None else "POST"
        answer = self.control.request(method, path, json=choose)
        answer.raise_for_status()
        return answer.json()

    def start_worker(self, workers: int = WORKERS) -> psutil.Process:
        """The product's worker, as people start it: a supervisor of several processes."""
        return self.start("worker", "worker", WORKERS=str(workers))

    def start_portal(self) -> psutil.Process:
        url = self.database_url.replace("//postgres@", f"//{INTAKE_ROLE}@")
        bind = f"--bind=127.0.0.1:{self._ports['portal']}"
        process = self._start("portal", [*PORTAL, bind, "wsgi:app"], DATABASE_URL=url)
        await_answer(lambda: httpx.get(f"{self.portal_url}/healthz"), httpx.TransportError)
        return process

    def start_bare(self) -> psutil.Process:
        """A Flask app that does nothing, under the same server."""
        bind = f"--bind=127.0.0.1:{self._ports['bare']}"
        process = self._start("bare", [*PORTAL, bind, "tests.bench.bare:app"])
        await_answer(lambda: httpx.get(self.bare_url), httpx.TransportError)
        return process

    def start(self, process: str, module: str, *arguments: str, **more: str) -> psutil.Process:
        """A Python program of ours; `more` are variables of its environment."""
        return self._start(process, [sys.executable, "-m", module, *arguments], **more)

    def stop(self, process: str) -> None:
        """Politely: what it has in hand it finishes."""
        known = self._processes.pop(process)
        known.terminate()
        with suppress(subprocess.TimeoutExpired):
            known.wait(30)
        end_groups([known.pid])
        known.wait()
        release(self.folder, known.pid)

    def stop_all(self) -> None:
        """All but the servers."""
        for process in set(self._processes) - {"org"}:
            self.stop(process)

    def postgresql(self) -> psutil.Process:
        pid = (self.folder / "postgresql" / "data" / "postmaster.pid").read_text().split()[0]
        return psutil.Process(int(pid))

    def org(self) -> psutil.Process:
        return psutil.Process(self._processes["org"].pid)

    def log(self, process: str) -> Path:
        return self.folder / f"{process}.out"

    def close(self) -> None:
        self._guard.close()

    def _variables(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": self.secret_key,
            "TOKEN_KEYS": self.token_keys,
            "PORTAL_URL": self.portal_url,
            "SALESFORCE_LOGIN_URL": self.org_url,
            "SALESFORCE_CLIENT_ID": CLIENT_ID,
            "SALESFORCE_CLIENT_SECRET": "secret",
            "MAIL_FOLDER": str(self.folder / "mail"),
            "DEMO": "1",
        }

    def _start(self, name: str, command: list[str], **more: str) -> psutil.Process:
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **self._variables(), **more},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        register(self.folder, process.pid)
        self._processes[name] = process
        return psutil.Process(process.pid)
