"""Reports, views and layouts show only columns that Salesforce has.

Their names stand in no type. These are the ones that Salesforce writes when such a report or view
is retrieved; a wrong one is refused by the org that the package is built in.
"""

from pathlib import Path

import pytest

from tests.package.helpers.source import SOURCE, read, text, texts
from tests.package.helpers.touched import described

REPORT = frozenset(
    {
        *("SUBJECT", "ASSIGNED", "DUE_DATE", "CONTACT", "LEAD", "ACCOUNT", "OPPORTUNITY"),
        *("CALLTYPE", "CALLDISPOSITION", "CALLDURATION"),
    }
)
"""Of the report type Activity ("Tasks and Events")."""
OWNER = "CORE.USERS.ALIAS"
VIEW = {
    "Lead": {
        *("FULL_NAME", "LEAD.PHONE", "LEAD.STATUS", "LEAD.LEAD_SOURCE", "LEAD.CREATED_DATE", OWNER),
    },
    "Contact": {"FULL_NAME", "ACCOUNT.NAME", "CONTACT.PHONE1", "CONTACT.CREATED_DATE", OWNER},
    "Opportunity": {
        *("OPPORTUNITY.NAME", "OPPORTUNITY.STAGE_NAME", "OPPORTUNITY.CLOSE_DATE"),
        *("OPPORTUNITY.CREATED_DATE", "ACCOUNT.NAME", OWNER),
    },
    "Task": {"SUBJECT", "WHO_NAME", "WHAT_NAME", "DUE_DATE", "STATUS", "IS_CLOSED"},
}
REPORTS = sorted(SOURCE.glob("reports/*/*.xml"))
VIEWS = sorted(SOURCE.glob("objects/*/listViews/*.xml"))
LAYOUTS = sorted(SOURCE.glob("objects/*/compactLayouts/*.xml"))


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.name)
def test_a_report_counts_our_calls(path: Path) -> None:
    """In a report a field of ours follows its object's name."""
    report = read(path)
    shown = [*texts(report, "field"), *texts(report, "column"), *texts(report, "dateColumn")]
    ours = {f"Activity.{name}" for name in described()["Task"] if name.endswith("__c")}
    assert set(shown) <= REPORT | ours
    assert texts(report, "column") == ["Activity.UniTalk_Call_Id__c"]
    assert text(report, "reportType") == "Activity"
    assert (path.parent.parent / f"{path.parent.name}.reportFolder-meta.xml").exists()


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.name)
def test_a_view_shows_what_calls_made(path: Path) -> None:
    view, of = read(path), path.parts[-3]
    ours = {name for name in described()[of] if name.endswith("__c")}
    assert {*texts(view, "columns"), *texts(view, "field")} <= VIEW[of] | ours
    assert ours & set(texts(view, "field"))


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.name)
def test_a_compact_layout_shows_fields_of_its_object(path: Path) -> None:
    """At most ten, no long text (help, "Compact Layouts")."""
    fields, of = texts(read(path), "fields"), described()[path.parts[-3]]
    assert len(fields) <= 10
    assert [name for name in fields if name not in of or of[name].type == "textarea"] == []
