"""The programs that tests need and no Python package brings: PostgreSQL, Redis, Chromium.

Looked for on the PATH and where distributions keep them, for servers are often not on it.
"""

import shutil
from pathlib import Path

DEBIAN_PACKAGES = {"initdb": "postgresql", "redis-server": "redis-server", "chromium": "chromium"}
_FOLDERS = ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin")
_POSTGRESQL = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
)
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def initdb() -> Path | None:
    """PostgreSQL's program that makes a cluster; the newest one found. `postgres` is beside it."""
    folders = [folder for pattern in _POSTGRESQL for folder in Path("/").glob(pattern[1:])]
    newest_first = sorted(folders, key=_version, reverse=True)
    found = _first("initdb", *(str(folder) for folder in newest_first))
    return found.resolve() if found else None


def redis_server() -> Path | None:
    """A real Redis, as customers' production has it."""
    return _first("redis-server")


def chromium() -> Path | None:
    """A browser of the Chromium family."""
    found = (_first(name) for name in _CHROMIUM)
    return next((path for path in found if path), None)


def missing() -> list[str]:
    """The names, as in DEBIAN_PACKAGES, of what this machine lacks."""
    found = {"initdb": initdb(), "redis-server": redis_server(), "chromium": chromium()}
    return [name for name, path in found.items() if path is None]


def _first(name: str, *folders: str) -> Path | None:
    if on_path := shutil.which(name):
        return Path(on_path)
    places = (Path(folder) / name for folder in (*folders, *_FOLDERS))
    return next((place for place in places if place.exists()), None)


def _version(folder: Path) -> int:
    digits = "".join(filter(str.isdigit, folder.parent.name))
    return int(digits or 0)
