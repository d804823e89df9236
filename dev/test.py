"""`make test`: what tests need is there or is named, then every check, then every test.

`make quick` (`--quick`) leaves out tests that need a database, a server, a browser or another
process, and needs none of them installed. Other arguments go to pytest. The last line is pytest's
own; a failed check is named after it.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from core import ROOT
from dev import find
from dev.checks import run_checks
from dev.stages import must, stage

APT_GET = Path("/usr/bin/apt-get")
PYTEST = ["--numprocesses=2", "--dist=worksteal", "--durations=10"]


def main(arguments: list[str]) -> int:
    """Run everything; the exit status is pytest's, or 1 when only a check failed.

    Raises SystemExit (status 2) when something is missing and may not be installed from here.
    """
    if "--quick" not in arguments:
        provide_servers()
    failed = run_checks()
    tests = subprocess.Popen([sys.executable, "-m", "pytest", *PYTEST, *arguments], cwd=ROOT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches pytest, which tidies up
    status = tests.wait()
    if failed:
        print(f"\nFailed before the tests: {', '.join(failed)}", flush=True)
    return status or bool(failed)


def provide_servers() -> None:
    """Install PostgreSQL, Redis and Chromium where that is allowed, else name what to install."""
    missing = find.missing()
    if not missing:
        return
    packages = [find.DEBIAN_PACKAGES[name] for name in missing]
    if os.geteuid() == 0 and APT_GET.exists():
        _apt_install(packages)
        missing = find.missing()
    if missing:
        names = " ".join(find.DEBIAN_PACKAGES[name] for name in missing)
        print(f"The tests need what is not here; install: {names}", file=sys.stderr)
        print(f"On Debian and Ubuntu: sudo apt-get install {names}", file=sys.stderr)
        raise SystemExit(2)


def _apt_install(packages: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with stage("Reading the list of system packages"):
        must([APT_GET, "update", "-qq"], cwd=ROOT, env=environment)
    with stage(f"Installing {', '.join(packages)}"):
        command = [APT_GET, "install", "-y", "-qq", "--no-install-recommends", *packages]
        must(command, cwd=ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
