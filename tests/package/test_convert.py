"""Salesforce's own program takes the package's source."""

import shutil
from pathlib import Path

from tests.helpers.node import sf
from tests.package.helpers.source import FILES, PACKAGE


def test_salesforces_own_program_converts_the_source(tmp_path: Path) -> None:
    """`sf project convert source` finds every file."""
    project = tmp_path / "work"  # where the program is started
    shutil.copytree(PACKAGE, project)
    sf(tmp_path, "project", "convert", "source", "--root-dir", "force-app", "--output-dir", "made")
    written = [path for path in (project / "made").rglob("*") if path.is_file()]
    told = "\n".join(f"{path}\n{path.read_text()}" for path in written)
    for path in FILES:
        assert path.name.partition(".")[0] in told
