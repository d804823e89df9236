"""Servers that are missing are named; nothing is skipped in silence."""

import os
import subprocess
import sys
from pathlib import Path

from core import ROOT

WITHOUT_ANYTHING = """
from pathlib import Path
from dev import find, test
find.initdb = find.chromium = lambda: None
test.APT_GET = Path("/nonexistent")
test.main([])
"""


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_ANYTHING],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "install: postgresql chromium\n" in done.stderr
    assert done.stdout == ""


def test_servers_are_found_where_debian_hides_them(tmp_path: Path) -> None:
    """PostgreSQL's programs are on nobody's PATH there."""
    code = "from dev import find; print(find.initdb(), find.redis_server())"
    initdb, redis_server = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert Path(initdb).with_name("postgres").exists()
    assert Path(redis_server).exists()
