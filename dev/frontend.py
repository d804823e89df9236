"""Third-party front-end files: fetched by npm, copied to static/vendor/, never committed.

package.json names the exact versions and, under "vendor", the files we take. Of Bootstrap, pages
get the ninth that they use, in static/made/. Standard library only.
"""

import json
import shutil
from pathlib import Path

from dev import npm
from dev.stages import fingerprint, must, stage

FULL = "static/vendor/bootstrap.min.css"
CUT = "static/made/bootstrap.css"
SOURCES = ("templates/**/*.html", "portal/**/*.py", "static/*.css", "static/*.js")
"""What names the classes and custom properties that pages use."""


def fetch(root: Path) -> None:
    """Bring static/vendor/ to what package.json and package-lock.json say.

    Raises SystemExit with npm's own words when a package cannot be had.
    """
    wanted = [Path(name) for name in json.loads((root / "package.json").read_text())["vendor"]]
    target = root / "static" / "vendor"
    stamp = target / f".fetched-{npm.fingerprint(root)}"
    if stamp.exists() and all((target / name.name).exists() for name in wanted):
        return
    with stage("Fetching the front-end files"):
        npm.ci(root, root)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name in wanted:
            shutil.copyfile(root / "node_modules" / name, target / name.name)
        stamp.touch()


def cut(root: Path) -> None:
    """Make the cut Bootstrap anew when the full one, a source, or the way of cutting changed.

    Raises SystemExit with what dev/stylesheet.py said.
    """
    cutter = Path(__file__).with_name("stylesheet.py")
    made = root / CUT
    stamp = made.with_name(".made-of")
    now = fingerprint([cutter, root / FULL, *sources(root)])
    if made.exists() and stamp.exists() and stamp.read_text() == now:
        return
    with stage("Cutting Bootstrap to what the pages use"):
        made.parent.mkdir(exist_ok=True)
        must([root / ".venv" / "bin" / "python", "-m", "dev.stylesheet", root], cwd=root)
        stamp.write_text(now)


def sources(root: Path) -> list[Path]:
    return sorted(path for pattern in SOURCES for path in root.glob(pattern))
