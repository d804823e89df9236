"""The package holds what our code counts on, under names that a namespace may precede."""

import json
import re
from pathlib import Path

import pytest

from core import objects
from core.salesforce import oauth
from sandbox.features import package_fields
from tests.package.helpers.metadata import NAMESPACE
from tests.package.helpers.source import FILES, PACKAGE, SOURCE, read, text

SCOPES = {"Api": "api", "RefreshToken": "refresh_token", "Basic": "id"}


FIELDS = {
    f"{path.parts[-3]}.{path.name.partition('.')[0]}": read(path)
    for path in SOURCE.glob("objects/*/fields/*.xml")
}
"""By `Object.Field`."""


def test_the_fields_are_those_that_the_stand_in_plays() -> None:
    """A custom field of Activity shows in the describes of Task and Event."""
    shown = {"Activity": ("Task", "Event")}
    played = {
        f"{name}.{field['name']}": (field["label"], str(field["length"]))
        for name, fields in package_fields("").items()
        for field in fields
    }
    packaged = {
        f"{name}.{field}": (text(element, "label"), text(element, "length"))
        for place, element in FIELDS.items()
        for owner, _, field in [place.partition(".")]
        for name in shown.get(owner, (owner,))
    }
    assert packaged == played
    assert {place.partition(".")[2] for place in FIELDS} == set(objects.OF_PACKAGE)


@pytest.mark.parametrize("place", FIELDS)
def test_our_keys_are_unique_external_ids(place: str) -> None:
    field = FIELDS[place]
    key = str(place.partition(".")[2] in objects.KEYS).lower()
    assert text(field, "fullName") == place.partition(".")[2]
    assert [text(field, name) for name in ("externalId", "unique")] == [key, key]
    assert text(field, "type") == "Text"


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_every_label_is_translated(language: str) -> None:
    translated = {
        f"{path.parts[-2].removesuffix(f'-{language}')}.{text(read(path), 'name')}"
        for path in SOURCE.glob(f"objectTranslations/*-{language}/*.fieldTranslation-meta.xml")
    }
    assert translated == set(FIELDS)
    for path in SOURCE.glob(f"objectTranslations/*-{language}"):
        assert (path / f"{path.name}.objectTranslation-meta.xml").exists()


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


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_own_field_that_a_file_names_is_in_the_package(path: Path) -> None:
    named = set(re.findall(r"\w+__c", path.read_text()))
    assert named <= {place.partition(".")[2] for place in FIELDS}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_names_are_short_enough(path: Path) -> None:
    """40 characters for a label of a field or view, or a report's name (object reference)."""
    root = read(path)
    shown = [root.findtext(NAMESPACE + name) or "" for name in ("label", "name")]
    assert all(len(one) <= 40 for one in shown)
    assert re.fullmatch(r"[A-Za-z]\w*(-\w+)?", path.name.partition(".")[0])
