"""`make check`: style, types, import arrows and templates, each with the seconds it took."""

import subprocess
import sys
import time
from pathlib import Path

from core import ROOT

BIN = Path(sys.executable).parent
CHECKS: dict[str, list[str | Path]] = {
    "style": [BIN / "ruff", "check", "--quiet", "."],
    "format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "types": [BIN / "mypy", "--no-error-summary"],
    "import arrows": [BIN / "lint-imports", "--no-logo"],
    "templates": [BIN / "djlint", "--lint", "--quiet", "templates", "sandbox/templates"],
}


def run_checks() -> list[str]:
    """Run every check; show the output of those that fail and return their names."""
    failed = []
    for name, command in CHECKS.items():
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        verdict = "failed" if done.returncode else "good"
        print(f"{name:<14} {verdict}, {time.monotonic() - began:.1f} s", flush=True)
        if done.returncode:
            print(done.stdout + done.stderr, flush=True)
            failed.append(name)
    return failed


if __name__ == "__main__":
    sys.exit(1 if run_checks() else 0)
