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
    """By Salesforce's CLI, which changes nothing, and runs none of the org's tests."""
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
        deploy = ["project", "deploy", "start", "--dry-run", "--test-level", "NoTestRun"]
        _sf([sf, *login, "--alias", "check-org", "--no-prompt", "--json"], environment)
        wait = ["--wait", str(_MINUTES), "--target-org", "check-org", "--json"]
        said = _sf([sf, *deploy, "--source-dir", "force-app", *wait], environment)
    wrong = _failures(said)
    return Found(not wrong, wrong or "valid")


def _sf(command: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """What one command of the CLI says, as JSON. Raises `NotAsked` when it failed by itself."""
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
        said = {"status": done.returncode or 1, "message": done.stderr.strip()[:200]}
    if said.get("status") != 0 and not _failures(said):
        raise NotAsked(f"Salesforce's CLI failed: {said.get('message') or 'it does not say why'}")
    return dict(said)


def _failures(said: dict[str, Any]) -> str:
    """What the org has against the package's parts; empty when nothing."""
    details = (said.get("result") or {}).get("details") or {}
    failures = details.get("componentFailures") or ()
    return "; ".join(f"{one.get('fullName')}: {one.get('problem')}" for one in failures)
