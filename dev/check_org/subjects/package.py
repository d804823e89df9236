"""Our package, as Salesforce itself judges it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from tempfile import TemporaryDirectory
from typing import Any

from core import ROOT
from dev.check_org.assertions import Found, NotAsked, asserts
from dev.check_org.org import Org

_MINUTES = 15


@asserts("The package could be deployed", expected="valid")
def package_deploys(org: Org) -> Found:
    """By Salesforce's CLI, which changes nothing: `sf project deploy validate`."""
    sf = shutil.which("sf")
    if sf is None:
        raise NotAsked("Salesforce's CLI, `sf`, is not there")
    access = org.login.current()
    with TemporaryDirectory() as home:  # it keeps its log-ins there
        environment = os.environ | {
            "HOME": home,
            "SF_ACCESS_TOKEN": access.token,
            "SF_AUTOUPDATE_DISABLE": "true",
            "SF_DISABLE_TELEMETRY": "true",
            "SF_USE_GENERIC_UNIX_KEYCHAIN": "true",
        }
        login = ["org", "login", "access-token", "--instance-url", access.instance_url]
        validate = ["project", "deploy", "validate", "--source-dir", "force-app"]
        _sf([sf, *login, "--alias", "check-org", "--no-prompt", "--json"], environment)
        wait = ["--wait", str(_MINUTES), "--target-org", "check-org", "--json"]
        said = _sf([sf, *validate, *wait], environment)
    good = said.get("status") == 0
    return Found(good, "valid" if good else _why(said))


def _sf(command: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """What one command of the CLI says, as JSON."""
    done = subprocess.run(
        command,
        cwd=ROOT / "salesforce-package",
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        said = json.loads(done.stdout)
    except ValueError:
        return {"status": done.returncode or 1, "message": done.stderr.strip()[:200]}
    return dict(said)


def _why(said: dict[str, Any]) -> str:
    details = (said.get("result") or {}).get("details") or {}
    failures = [
        f"{one.get('fullName')}: {one.get('problem')}"
        for one in details.get("componentFailures") or ()
    ]
    return "; ".join(failures) or str(said.get("message") or "not valid")
