"""Every file of the package is what the Metadata API takes, down to its values.

Salesforce's own converter lets misspelt elements and made-up values pass; only a deployment to an
org would find them.
"""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.package.helpers.metadata import Types, name_of
from tests.package.helpers.places import place_of
from tests.package.helpers.source import FILES, SOURCE, read

TYPES = Types()
HEAD = '<{0} xmlns="http://soap.sforce.com/2006/04/metadata">{1}</{0}>'


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_element_and_value_is_one_that_salesforce_knows(path: Path) -> None:
    assert list(TYPES.faults(read(path))) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_lies_where_salesforce_looks_for_it(path: Path) -> None:
    place = place_of(path.name)
    assert place.holds(path.relative_to(SOURCE))
    assert name_of(read(path)) == place.kind
    assert path.name.endswith("-meta.xml")


@pytest.mark.parametrize(
    ("kind", "planted", "fault"),
    [
        (
            "ExternalClientApplication",
            "<distributionState>Packageable</distributionState>",
            "distributionState is “Packageable”",
        ),
        ("CustomField", "<externallId>true</externallId>", "externallId does not exist"),
        ("CustomField", "<length>long</length>", "length is “long”"),
        ("CustomField", "<unique>1</unique>", "unique is “1”"),
        ("CustomField", "<type>Text</type><type>Text</type>", "type stands twice"),
        ("CustomField", "<type><name>Text</name></type>", "type holds elements"),
        ("CustomField", "<valueSet>A</valueSet>", "valueSet is a value"),
        ("CustomField", '<label lang="ru">A</label>', "label has attributes"),
        (
            "PermissionSet",
            "<label>A</label><userPermissions><enabled>1</enabled><name>B</name></userPermissions>",
            "PermissionSet.userPermissions.enabled is “1”",
        ),
        (
            "PermissionSet",
            "<label>A</label><fieldPermissions><editable>true</editable></fieldPermissions>",
            "PermissionSet.fieldPermissions.field is missing",
        ),
        (
            "PermissionSet",
            "<label>A</label><tabSettings><tab>B</tab><visibility>Shown</visibility></tabSettings>",
            "PermissionSet.tabSettings.visibility is “Shown”",
        ),
        ("PermissionSet", "<description>A</description>", "label is missing"),
        ("Report", "<format>Matrics</format>", "format is “Matrics”"),
        (
            "Report",
            "<columns><field>A</field></columns><name>B</name><columns><field>C</field></columns>",
            "columns stands in two places",
        ),
        (
            "Report",
            "<timeFrameFilter><startDate>yesterday</startDate></timeFrameFilter>",
            "startDate is “yesterday”",
        ),
        ("ReportFolder", "<nane>A</nane>", "nane does not exist"),
        ("Repport", "", "Repport is no type"),
    ],
)
def test_a_planted_fault_is_found(kind: str, planted: str, fault: str) -> None:
    faults = list(TYPES.faults(ElementTree.fromstring(HEAD.format(kind, planted))))
    assert [one for one in faults if fault in one], faults


@pytest.mark.parametrize(
    "path",
    [
        "objects/Lead/UniTalk_Key__c.field-meta.xml",
        "objects/Lead/listViews/UniTalk_Key__c.field-meta.xml",
        "permissionsets/more/UniTalk.permissionset-meta.xml",
        "reports/Calls.report-meta.xml",
    ],
)
def test_a_misplaced_file_is_found(path: str) -> None:
    assert not place_of(Path(path).name).holds(Path(path))
