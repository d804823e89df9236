"""The package's source is what Salesforce's Metadata API knows, and what our code counts on.

Salesforce's own converter lets a misspelt element pass, so the elements are listed here
(Metadata API guide: CustomField, PermissionSet, ExternalClientApplication,
ExtlClntAppOauthSettings).
"""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from core import ROOT, objects
from core.salesforce import oauth

ROOT = ROOT / "salesforce-package"
SOURCE = ROOT / "force-app" / "main" / "default"
NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"
FILES = sorted(SOURCE.rglob("*.xml"))

ELEMENTS = {
    "CustomField": {
        *("fullName", "caseSensitive", "description", "externalId", "inlineHelpText"),
        *("label", "length", "required", "type", "unique"),
    },
    "PermissionSet": {"description", "hasActivationRequired", "label", "license"},
    "fieldPermissions": {"editable", "field", "readable"},
    "objectPermissions": {
        *("allowCreate", "allowDelete", "allowEdit", "allowRead", "object"),
        *("modifyAllRecords", "viewAllRecords"),
    },
    "userPermissions": {"enabled", "name"},
    "ExternalClientApplication": {
        *("contactEmail", "description", "distributionState", "isProtected", "label"),
    },
    "ExtlClntAppOauthSettings": {"commaSeparatedOauthScopes", "externalClientApplication", "label"},
}
PARTS = {"PermissionSet": {"fieldPermissions", "objectPermissions", "userPermissions"}}
SUFFIXES = {
    "CustomField": "field",
    "PermissionSet": "permissionset",
    "ExternalClientApplication": "eca",
    "ExtlClntAppOauthSettings": "ecaOauth",
}
SCOPES = {"Api": "api", "RefreshToken": "refresh_token", "Basic": "id"}


def name(element: ElementTree.Element) -> str:
    assert element.tag.startswith(NAMESPACE), f"{element.tag} is not of the Metadata API"
    return element.tag.removeprefix(NAMESPACE)


def text(path: str, element: str) -> str:
    found = ElementTree.parse(SOURCE / path).getroot().findtext(f"{NAMESPACE}{element}")
    assert found, f"{path} has no {element}"
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_element_is_one_that_salesforce_knows(path: Path) -> None:
    root = ElementTree.parse(path).getroot()
    kind = name(root)
    assert path.name.endswith(f".{SUFFIXES[kind]}-meta.xml")
    for element in root:
        if name(element) in PARTS.get(kind, set()):
            assert {name(part) for part in element} <= ELEMENTS[name(element)]
        else:
            assert name(element) in ELEMENTS[kind]
            assert len(element) == 0


def test_the_fields_are_unique_external_ids_under_the_names_we_write() -> None:
    fields = {str(path.relative_to(SOURCE)): path for path in SOURCE.glob("objects/*/fields/*.xml")}
    expected = {"Activity": objects.CALL_KEY} | dict.fromkeys(
        ("Lead", "Contact", "Opportunity"), objects.RECORD_KEY
    )
    assert set(fields) == {
        f"objects/{object_name}/fields/{field}.field-meta.xml"
        for object_name, field in expected.items()
    }
    for path in fields:
        assert text(path, "fullName") == Path(path).name.partition(".")[0]
        assert (text(path, "externalId"), text(path, "unique")) == ("true", "true")
        assert (text(path, "type"), text(path, "length")) == ("Text", "64")


def test_the_permission_set_opens_exactly_the_packaged_fields() -> None:
    """Activity's fields are named by Task and Event there (Metadata API guide, PermissionSet)."""
    path = SOURCE / "permissionsets" / "UniTalk_Integration.permissionset-meta.xml"
    opened = {found.text for found in ElementTree.parse(path).iter(f"{NAMESPACE}field")}
    keyed = {f"{owner}.{objects.RECORD_KEY}" for owner in ("Lead", "Contact", "Opportunity")}
    called = {f"{owner}.{objects.CALL_KEY}" for owner in ("Task", "Event")}
    assert opened == keyed | called


def test_the_app_asks_for_the_scopes_that_the_portal_asks_for() -> None:
    path = "extlClntAppOauthSettings/UniTalkOauth.ecaOauth-meta.xml"
    offered = {SCOPES[scope] for scope in text(path, "commaSeparatedOauthScopes").split(", ")}
    assert offered >= set(oauth.SCOPE.split())
    assert text(path, "externalClientApplication") == "UniTalk"
    assert (SOURCE / "externalClientApps" / "UniTalk.eca-meta.xml").exists()


def test_nothing_secret_is_in_the_package() -> None:
    """Global OAuth settings hold the consumer key; they may not be under version control."""
    assert not list(SOURCE.rglob("*Glbl*"))
    assert not list(SOURCE.rglob("connectedApps"))
    project = json.loads((ROOT / "sfdx-project.json").read_text())
    assert [folder["path"] for folder in project["packageDirectories"]] == ["force-app"]
