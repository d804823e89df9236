"""Salesforce's own programs and other people's clients, which tests run; nothing of them is served.

dev/node/package.json names them at exact versions: Salesforce's CLI, jsforce, and the types of
Salesforce's metadata. They run on the Node that requirements-dev.txt brings, whatever the
machine has, for the CLI asks for a recent one. Fetched by pytest's first start: nothing but tests
runs them.
"""

from pathlib import Path

from dev import npm
from dev.stages import stage


def fetch(root: Path) -> None:
    """Bring dev/node/node_modules/ to what the package.json and the lock file beside it say.

    Raises SystemExit with npm's own words when a package cannot be had.
    """
    folder = root / "dev" / "node"
    stamp = folder / "node_modules" / f".fetched-{npm.fingerprint(folder)}"
    if stamp.exists():
        return
    with stage("Fetching the Salesforce clients that tests run"):
        npm.ci(root, folder)
        stamp.touch()
