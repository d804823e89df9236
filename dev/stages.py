"""The stages of the set-up: whether one is due, and a line for each with the seconds it took."""

import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path


def fingerprint(files: Iterable[Path]) -> str:
    """Sixteen digits that change with what stands in the files."""
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


@contextmanager
def stage(title: str) -> Iterator[None]:
    """Print `title … 1.2 s`; the seconds follow when the block has ended well."""
    began = time.monotonic()
    print(f"{title} …", end=" ", flush=True)
    try:
        yield
    except BaseException:
        print("stopped", flush=True)
        raise
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def must(command: Sequence[object], *, cwd: Path, env: Mapping[str, str] | None = None) -> None:
    """Run a command (strings and paths) in silence; when it fails, show what it said and stop.

    Raises SystemExit with what was run and what it said.
    """
    words = [str(part) for part in command]
    done = subprocess.run(
        words,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = done.stdout.strip()
        raise SystemExit(f"{said}\n\nThis failed with status {done.returncode}: {' '.join(words)}")
