"""Third-party front-end files: fetched by npm, copied to static/vendor/, never committed.

package.json names the exact versions and, under "vendor", the files we serve. Standard library
only.
"""

import json
import shutil
from pathlib import Path

from dev import npm
from dev.stages import stage


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
