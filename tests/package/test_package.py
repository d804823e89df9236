"""The package holds what our code counts on, under names that a namespace may precede."""

import json
import re
from pathlib import Path

import pytest

from core import objects
from core.salesforce import oauth
from tests.package.helpers.source import FILES, PACKAGE, SOURCE, read, text

SCOPES = {"Api": "api", "RefreshToken": "refresh_token", "Basic": "id"}


def test_the_fields_are_unique_external_ids_under_the_names_we_write() -> None:
    fields = {str(path.relative_to(SOURCE)): path for path in SOURCE.glob("objects/*/fields/*.xml")}
    expected = {"Activity": objects.CALL_KEY} | dict.fromkeys(
        ("Lead", "Contact", "Opportunity"), objects.RECORD_KEY
    )
    assert set(fields) == {
        f"objects/{object_name}/fields/{field}.field-meta.xml"
        for object_name, field in expected.items()
    }
    for path in fields.values():
        field = read(path)
        assert text(field, "fullName") == path.name.partition(".")[0]
        assert (text(field, "externalId"), text(field, "unique")) == ("true", "true")
        assert (text(field, "type"), text(field, "length")) == ("Text", "64")


def test_the_app_asks_for_the_scopes_that_the_portal_asks_for() -> None:
    settings = read(SOURCE / "extlClntAppOauthSettings" / "UniTalkOauth.ecaOauth-meta.xml")
    offered = {SCOPES[scope] for scope in text(settings, "commaSeparatedOauthScopes").split(", ")}
    assert offered >= set(oauth.SCOPE.split())
    assert text(settings, "externalClientApplication") == "UniTalk"


def test_the_app_can_be_packaged() -> None:
    app = read(SOURCE / "externalClientApps" / "UniTalk.eca-meta.xml")
    assert text(app, "distributionState") == "Packaged"


def test_nothing_secret_is_in_the_package() -> None:
    """Global OAuth settings hold the consumer key; they may not be under version control."""
    assert not list(SOURCE.rglob("*Glbl*"))
    assert not list(SOURCE.rglob("connectedApps"))
    project = json.loads((PACKAGE / "sfdx-project.json").read_text())
    assert [folder["path"] for folder in project["packageDirectories"]] == ["force-app"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_name_carries_a_namespace(path: Path) -> None:
    """A package's own parts are named without one; where it is built, they find each other."""
    assert not re.findall(r"\w+__\w+__c", path.read_text())
