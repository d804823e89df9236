"""A stand-in org in which everything can be asked, and ourselves before it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from core.salesforce.client import Access
from core.salesforce.http import make_http
from core.salesforce.oauth import OAuthApp
from dev.check_org.asking import Asked, Outcome, Verdict, ask_all
from dev.check_org.assertions import Assertion
from dev.check_org.login import Login
from dev.check_org.org import MARK, Org
from dev.check_org.subjects import ASSERTIONS
from sandbox import ConnectedApp, create_app
from tests.dev.check_org.helpers.between import Between

ORIGIN = "http://127.0.0.1:5003"
KEY, SECRET = "key-1", "secret-1"
NAMES = [one.name for one in ASSERTIONS]
WHERE_PRIVATE = ("given_away_first", "given_away_last")
GOOD = dict.fromkeys(NAMES, Verdict.GOOD) | dict.fromkeys(WHERE_PRIVATE, Verdict.NOT_ASKED)
"""Where everybody sees everything. There is no org in which all is asked and all is deleted."""
OBJECTS = ("Lead", "Contact", "Account", "Opportunity", "OpportunityContactRole", "Task")
SF = """#!/bin/sh
# Stands in for Salesforce's CLI: notes what it is asked, and says what is prepared for that.
here="$(dirname "$0")"
echo "$@" >> "$here/asked"
cat "$here/$1 $2"
"""


def connected_app() -> ConnectedApp:
    """The app that we log in by, which has a user of its own."""
    user = ("Acme", "anna@acme.example")
    return ConnectedApp(KEY, SECRET, "Check", ("http://x.test/",), client_credentials_user=user)


def prepare(control: Any) -> None:
    """Give Acme what an org needs so that all can be asked; `control` is its control API."""
    gone = {"LastName": "Gone", "Username": "gone@acme.example", "IsActive": False}
    control("POST", "/orgs/Acme/users", gone)
    bohdan = control("GET", "/orgs/Acme")["users"][1]["Id"]
    alike = {"object": "Lead", "action": "alert", "against": ["Lead"], "match": ["Email"]}
    # Only with a right over all data can what the rule gave away be deleted.
    settings = {"assignment_owner": bohdan, "duplicate_rules": [alike], "modify_all": True}
    control("PATCH", "/orgs/Acme/settings", settings)


def marked_in(records: Callable[[str], list[dict[str, Any]]]) -> list[str]:
    """`records` gives those of an object."""
    everything = ((name, record) for name in OBJECTS for record in records(name))
    return [f"{name} {one['Id']}" for name, one in everything if MARK in json.dumps(one)]


class Rig:
    def __init__(self, folder: Path) -> None:
        cut = httpx.RemoteProtocolError
        self._app = create_app(folder / "org", apps=[connected_app()], cut_error=lambda: cut("cut"))
        self.between = Between(httpx.WSGITransport(app=self._app))
        self._aside = httpx.Client(transport=httpx.WSGITransport(app=self._app))
        self.http = make_http(self.between)
        prepare(self.control)
        given = self.control("POST", "/connections", {"client_id": KEY, "org": "Acme"})
        access = Access(given["access_token"], ORIGIN, 1)
        app = OAuthApp(KEY, SECRET, ORIGIN, "")
        self.login = Login(access, app, given["refresh_token"])
        self.slept: list[float] = []
        """Seconds that were to be waited."""
        self._bin = folder / "bin"
        self._bin.mkdir()
        (self._bin / "sf").write_text(SF)
        (self._bin / "sf").chmod(0o755)
        self.cli_says("org login", status=0)
        self.cli_says("project deploy", status=0)

    @property
    def path(self) -> str:
        """Where the CLI's stand-in is."""
        return str(self._bin)

    def cli_says(self, command: str, **answer: Any) -> None:
        """What the CLI says to `org login` or `project deploy` from now on."""
        (self._bin / command).write_text(json.dumps(answer))

    def cli_asked(self) -> list[str]:
        """Its commands, each with its arguments."""
        return (self._bin / "asked").read_text().splitlines()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._aside.request(method, f"{ORIGIN}/__control__{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def switch(self, **settings: Any) -> None:
        self.control("PATCH", "/orgs/Acme/settings", settings)

    def make_private(self) -> None:
        """Nobody sees what is somebody else's."""
        self.switch(sharing="private", view_all=[], modify_all=False)

    def change_field(self, name: str, **keys: Any) -> None:
        """Describe a field otherwise."""
        self.switch(field_changes={name: keys})

    def records(self, object_name: str) -> list[dict[str, Any]]:
        return list(self.control("GET", f"/orgs/Acme/records/{object_name}"))

    def plant(self, object_name: str, **fields: Any) -> str:
        """Put a record into the org; returns its id."""
        found = self.control("POST", f"/orgs/Acme/records/{object_name}", fields)
        return str(found["ids"][0])

    def marked(self) -> list[str]:
        """What of ours is in the org, as `Lead 00Q…`."""
        return marked_in(self.records)

    def ask(self) -> Outcome:
        outcome = Outcome()
        ask_all(self.org(), ASSERTIONS, outcome, Quiet())
        return outcome

    def org(self) -> Org:
        return Org(self.login, self.http, patience=0, sleep=self.slept.append)

    def close(self) -> None:
        self.http.close()
        self._aside.close()
        self._app.extensions["sandbox"].storage.close()


class Quiet:
    def begins(self, assertion: Assertion) -> None: ...

    def ended(self, asked: Asked) -> None: ...


def verdicts(outcome: Outcome) -> dict[str, Verdict]:
    """By the assertion's name."""
    return {one.assertion.name: one.verdict for one in outcome.asked}
