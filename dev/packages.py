"""The virtual environment and the Python packages in it.

Standard library only: this runs before anything is installed.
"""

import sys
from pathlib import Path

from dev.stages import fingerprint, must, stage


def install(root: Path, requirements: Path) -> None:
    """Bring `.venv` to what `requirements` says; do nothing when it is there already.

    Raises SystemExit with pip's own words when a package cannot be had.
    """
    venv = root / ".venv"
    if not (venv / "bin" / "pip").exists():  # pip comes last, so an interrupted try is made again
        with stage("Making the virtual environment"):
            must([sys.executable, "-m", "venv", "--clear", venv], cwd=root)
    if _stamp(venv, requirements).exists():
        return
    with stage(f"Installing the packages of {requirements.name}"):
        pip = [venv / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
        must([*pip, "install", "--quiet", "--requirement", requirements], cwd=root)
    for part in _with_included(requirements):
        _stamp(venv, part).touch()


def _stamp(venv: Path, requirements: Path) -> Path:
    """An empty file whose name says which exact requirements were installed."""
    return venv / f".installed-{fingerprint(_with_included(requirements))}"


def _with_included(requirements: Path) -> list[Path]:
    """The file and those it names by `-r` (requirements) and `-c` (constraints)."""
    lines = requirements.read_text().splitlines()
    names = [line.split()[1] for line in lines if line.startswith(("-r ", "-c "))]
    included = [part for name in names for part in _with_included(requirements.parent / name)]
    return [requirements, *included]
