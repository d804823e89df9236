"""Everything a fresh clone lacks, brought once: packages, front-end files, translations.

    python3 -m dev.setup [requirements-dev.txt]

Runs under the system's own Python, so this module and those it imports use the standard
library only. A second start compares fingerprints and does nothing.
"""

import sys
from pathlib import Path

from core import ROOT
from dev import catalogues, frontend, packages


def set_up(root: Path, requirements: str = "requirements.txt") -> None:
    """Prepare the folder `root` to run, or with requirements-dev.txt to test."""
    packages.install(root, root / requirements)
    frontend.fetch(root)
    frontend.cut(root)
    catalogues.compile_changed(root)


if __name__ == "__main__":
    try:
        set_up(ROOT, *sys.argv[1:2])
    except KeyboardInterrupt:
        sys.exit(130)  # "stopped" was said by the stage; the next start takes it up there
