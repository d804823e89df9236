"""Real servers for tests, each started once per run by the first test that needs it.

They belong to the run's guard folder (`TEST_SERVERS`), which all xdist workers share.
"""

import fcntl
import os
import pwd
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from dev import find, valkey
from dev.guard import register
from tests.helpers.ports import free_port

START_WITHIN = 30.0  # seconds


@pytest.fixture(scope="session")
def servers() -> Path:
    """The folder of this run's servers."""
    return Path(os.environ["TEST_SERVERS"])


@pytest.fixture(scope="session")
def postgresql(servers: Path) -> str:
    """Our own PostgreSQL server: an SQLAlchemy address with `{name}` where the database goes."""
    return once(servers, "postgresql", start_postgresql)


@pytest.fixture(scope="session")
def redis_server(servers: Path) -> str:
    """The address of a real Redis, without a database number."""
    return once(servers, "redis", start_redis)


@pytest.fixture(scope="session")
def valkey_server(servers: Path) -> str:
    """The address of the embedded Valkey."""
    return once(servers, "valkey", start_valkey)


@pytest.fixture(params=["redis", "valkey"])
def redis_url(request: pytest.FixtureRequest, servers: Path, worker_id: str) -> str:
    """An empty Redis database, once on a real Redis and once on the embedded Valkey."""
    address = request.getfixturevalue(f"{request.param}_server")
    return emptied(address, worker_id)


@pytest.fixture
def embedded_redis_url(valkey_server: str, worker_id: str) -> str:
    """An empty database of the embedded Valkey, for tests where the server makes no difference."""
    return emptied(valkey_server, worker_id)


def emptied(address: str, worker_id: str) -> str:
    """The address of this xdist worker's own database there, emptied."""
    number = int(worker_id.removeprefix("gw")) if worker_id != "master" else 0
    url = f"{address}?db={number}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


def once(servers: Path, name: str, start: Callable[[Path], str]) -> str:
    """What `start` returned to whichever process of this run asked first."""
    known = servers / f"{name}.url"
    with locked(servers / f"{name}.lock"):
        if not known.exists():
            known.write_text(start(servers))
    return known.read_text()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process of the run at a time."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def start_postgresql(servers: Path, **chosen: str) -> str:
    """A cluster in a temporary folder, without sync; PostgreSQL refuses to run as root.

    `chosen` are settings of its own.
    """
    initdb = find.initdb()
    assert initdb, "PostgreSQL's server is not installed; `make test` installs or names it"
    home = servers / "postgresql"
    home.mkdir(mode=0o700)
    user = pwd.getpwnam("postgres").pw_name if os.geteuid() == 0 else None
    if user:
        servers.chmod(0o711)
        os.chown(home, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    data = home / "data"
    subprocess.run(
        [initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
        cwd=home,
        user=user,
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
    )
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(home),
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "max_connections": "200",
        **chosen,
    }
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    launch([str(initdb.parent / "postgres"), "-D", str(data), *words], servers, user, home)
    address = f"host={home} user=postgres dbname=postgres"
    await_answer(lambda: psycopg.connect(address).close(), psycopg.OperationalError)
    return f"postgresql+psycopg://postgres@/{{name}}?host={home}"


def start_redis(servers: Path) -> str:
    """A Redis without persistence on a free port."""
    program = find.redis_server()
    assert program, "redis-server is not installed; `make test` installs or names it"
    port = free_port()
    command = [str(program), "--port", str(port), "--bind", "127.0.0.1"]
    launch([*command, "--save", "", "--appendonly", "no", "--databases", "64"], servers)
    address = f"redis://127.0.0.1:{port}"
    await_answer(lambda: redis.Redis.from_url(address).ping(), redis.ConnectionError)
    return address


def start_valkey(servers: Path) -> str:
    """The server that `make run` starts, as it starts it."""
    folder = servers / "valkey"
    launch([*valkey.command(folder), "--databases", "64"], servers)
    await_answer(lambda: redis.Redis.from_url(valkey.url(folder)).ping(), redis.ConnectionError)
    return valkey.url(folder)


def launch(
    command: list[str], servers: Path, user: str | None = None, cwd: Path | None = None
) -> None:
    """Start a server under the run's guard; its log is beside its data."""
    with (servers / f"{Path(command[0]).name}.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            user=user,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    register(servers, process.pid)


def await_answer(ask: Callable[[], object], refusal: type[Exception]) -> None:
    """Ask until the server answers. Raises its refusal when it does not in time."""
    deadline = time.monotonic() + START_WITHIN
    while True:
        try:
            ask()
        except refusal:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
