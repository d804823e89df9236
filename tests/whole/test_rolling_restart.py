"""The portal is restarted under load, its socket held as by systemd: nobody is refused."""

import itertools
import os
import socket
import subprocess
import sys
import threading
from contextlib import closing

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from core import ROOT
from core.models import CallRow
from core.store import Store
from dev.guard import register
from tests.helpers.events import event
from tests.helpers.servers import await_answer

ACTIVATED = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
"""What systemd does for a service with a socket (man 3 sd_listen_fds)."""
PORTAL = [
    "-m", "gunicorn", "--workers=2", "--worker-class=gthread", "--threads=8",
    "--no-control-socket", "wsgi:app",
]  # fmt: skip
"""As in docs/operations.md."""
ACCOUNTS = 40
"""So that none comes near the limit of requests a minute."""
THREADS = 6


class Portal:
    """One gunicorn after the other on a socket that stays."""

    def __init__(self, environment, guard):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.environment, self.guard = environment, guard
        self.start()

    def start(self):
        held = self.socket.fileno()
        self.process = subprocess.Popen(
            [sys.executable, "-c", ACTIVATED, str(held), *PORTAL],
            cwd=ROOT, env=self.environment, pass_fds=(held,), start_new_session=True,
        )  # fmt: skip
        register(self.guard, self.process.pid)

    def restart(self):
        self.process.terminate()
        assert self.process.wait(60) == 0
        self.start()
        await_answer(lambda: httpx.get(f"{self.url}/healthz", timeout=60), httpx.TransportError)


class Telephony:
    """Threads that post one call after the other and note what was answered."""

    def __init__(self, url, keys):
        self.url, self.keys = f"{url}/api/calls", itertools.cycle(keys)
        self.numbers = itertools.count(1)
        self.answers: dict[int, object] = {}
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self._post_on) for _ in range(THREADS)]
        for thread in self.threads:
            thread.start()

    def _post_on(self):
        while not self.stop.is_set():
            dbid, key = next(self.numbers), next(self.keys)
            headers = {"Authorization": f"Bearer {key}"}
            try:  # a connection for each, as the proxy makes them
                answer = httpx.post(self.url, json=event(dbid=dbid), headers=headers, timeout=60)
                self.answers[dbid] = answer.status_code
            except httpx.HTTPError as error:
                self.answers[dbid] = repr(error)

    def some_more(self):
        """Returns once each thread, and more, was answered anew."""
        enough = len(self.answers) + 5 * THREADS
        while len(self.answers) < enough:
            self.stop.wait(0.05)

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join()


@pytest.fixture
def keys(postgresql_url, config):
    with closing(Store(postgresql_url, config["TOKEN_KEYS"])) as store:
        for number in range(ACCOUNTS):
            store.accounts.create(f"a{number}", f"Account {number}")
        return [store.accounts.issue_key(f"a{number}") for number in range(ACCOUNTS)]


@pytest.fixture
def config(postgresql_url, tmp_path):
    return {
        **os.environ,
        "DATABASE_URL": postgresql_url,
        "REDIS_URL": f"unix://{tmp_path / 'nobody.sock'}",
        "SECRET_KEY": "s" * 32,
        "TOKEN_KEYS": Fernet.generate_key().decode(),
        "PORTAL_URL": "http://127.0.0.1",
        "SALESFORCE_CLIENT_ID": "client",
        "SALESFORCE_CLIENT_SECRET": "secret",
        "MAIL_FOLDER": str(tmp_path / "mail"),
        "DEMO": "1",
    }


def test_three_restarts_under_load_refuse_and_lose_nothing(keys, config, servers, postgresql_url):
    portal = Portal(config, servers)
    await_answer(lambda: httpx.get(f"{portal.url}/healthz", timeout=60), httpx.TransportError)
    telephony = Telephony(portal.url, keys)
    try:
        for _ in range(3):
            telephony.some_more()
            portal.restart()
        telephony.some_more()
    finally:
        telephony.end()
        portal.process.terminate()
    assert portal.process.wait(60) == 0
    assert set(telephony.answers.values()) == {202}
    with closing(Store(postgresql_url, config["TOKEN_KEYS"])) as store, store.database.read() as on:
        kept = sorted(int(key) for key in on.scalars(select(CallRow.call_key)))
    assert kept == sorted(telephony.answers)
