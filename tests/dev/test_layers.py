"""The contracts in pyproject.toml see what they forbid."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core import ROOT

PACKAGES = ("core", "portal", "worker", "sandbox", "dev")


@pytest.mark.parametrize(
    ("module", "imports"),
    [
        ("core/odd.py", "portal.web.once"),
        ("portal/web/odd.py", "portal.calls.journal"),
        ("portal/odd/__init__.py", "portal.web.once"),  # a subject that no layer names
        ("core/rules/odd.py", "core.store"),
        ("worker/odd.py", "sandbox.app"),
    ],
)
def test_an_import_against_the_layers_fails_the_checks(tmp_path, module, imports):
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=_only_code)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / module).parent.mkdir(exist_ok=True)
    (tmp_path / module).write_text(f'"""Odd."""\n\nimport {imports}\n')
    answer = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "BROKEN" in answer.stdout


def _only_code(folder: str, names: list[str]) -> list[str]:
    return [one for one in names if not ((Path(folder) / one).is_dir() or one.endswith(".py"))]
