"""What a new org holds: its users, statuses, stages and queues."""

from typing import Any

from sandbox.clock import now_stamp
from sandbox.org import Org
from sandbox.orgs import Orgs
from sandbox.rows import Record, Rows
from sandbox.settings import OrgSettings
from sandbox.setup_records import renew

# name, probability, closed, won, forecast category: the stages of a new org.
STAGES = [
    ("Prospecting", 10, False, False, "Pipeline"),
    ("Qualification", 10, False, False, "Pipeline"),
    ("Needs Analysis", 20, False, False, "Pipeline"),
    ("Value Proposition", 50, False, False, "Pipeline"),
    ("Id. Decision Makers", 60, False, False, "Pipeline"),
    ("Perception Analysis", 70, False, False, "Pipeline"),
    ("Proposal/Price Quote", 75, False, False, "Best Case"),
    ("Negotiation/Review", 90, False, False, "Commit"),
    ("Closed Won", 100, True, True, "Closed"),
    ("Closed Lost", 0, True, False, "Omitted"),
]
LEAD_STATUSES = [
    ("Open - Not Contacted", False),
    ("Working - Contacted", False),
    ("Closed - Converted", True),
    ("Closed - Not Converted", False),
]
TASK_STATUSES = [
    ("Not Started", False),
    ("In Progress", False),
    ("Completed", True),
    ("Waiting on someone else", False),
    ("Deferred", False),
]
PROFILES = [
    {"Name": "System Administrator", "UserType": "Standard"},
    {"Name": "Standard User", "UserType": "Standard"},
]
ORGANIZATION = {
    "IsSandbox": False,
    "IsReadOnly": False,
    "OrganizationType": "Enterprise Edition",
    "InstanceName": "SWE1S",
    "TimeZoneSidKey": "Europe/Kyiv",
    "DefaultLocaleSidKey": "uk_UA",
    "LanguageLocaleKey": "en_US",
    "NamespacePrefix": None,
    "TrialExpirationDate": None,
}
DEMO_ORGS = {
    "Acme": [
        ("Anna", "Kovalenko", "anna@acme.example"),
        ("Bohdan", "Shevchenko", "bohdan@acme.example"),
        ("Clara", "Novak", "clara@acme.example"),
    ],
    "Globex": [
        ("Greta", "Lindholm", "greta@globex.example"),
        ("Hugo", "Martin", "hugo@globex.example"),
    ],
}


def seed_demo(orgs: Orgs, rows: Rows) -> None:
    """The two demo orgs, if there is no org yet. Call within a transaction."""
    if not orgs.all():
        for name, users in DEMO_ORGS.items():
            create_org(orgs, rows, name, users)


def create_org(
    orgs: Orgs,
    rows: Rows,
    name: str,
    users: list[tuple[str, str, str]],
    settings: OrgSettings | None = None,
) -> Org:
    """A new org with users (first name, last name, username) and the usual setup records."""
    org = orgs.add(name, settings or OrgSettings())
    admin, standard = (_add(rows, org, "Profile", None, dict(p)) for p in PROFILES)
    for number, (first, last, username) in enumerate(users):
        person = {"FirstName": first, "LastName": last, "Username": username}
        profile = {"ProfileId": standard if number else admin}
        add_user(rows, org, {**person, **profile})
    system = rows.find(org, "User")[0]["Id"]
    _add_picklists(rows, org, system)
    queue = {"Name": "Lead Queue", "DeveloperName": "Lead_Queue", "Type": "Queue"}
    queue_id = _add(rows, org, "Group", system, queue)
    _add(rows, org, "QueueSobject", system, {"QueueId": queue_id, "SobjectType": "Lead"})
    _add(rows, org, "Organization", system, {"Id": org.id, "Name": name, **ORGANIZATION})
    renew(rows, org)
    return org


def add_user(rows: Rows, org: Org, given: Record) -> str:
    """An active standard user; returns the id. `given` needs LastName and Username."""
    username = given["Username"]
    full_name = " ".join(filter(None, [given.get("FirstName"), given["LastName"]]))
    user = {
        "Name": full_name,
        "Email": username,
        "Alias": username.split("@")[0][:8],
        "CommunityNickname": username.split("@")[0][:40],
        "IsActive": True,
        "UserType": "Standard",
        "TimeZoneSidKey": "Europe/Kyiv",
        "LocaleSidKey": "uk_UA",
        "LanguageLocaleKey": "en_US",
        "EmailEncodingKey": "UTF-8",
        "ProfileId": next((p["Id"] for p in rows.find(org, "Profile", Name="Standard User")), None),
        **given,
    }
    return _add(rows, org, "User", None, user)


def _add_picklists(rows: Rows, org: Org, system: str) -> None:
    for order, (name, probability, closed, won, forecast) in enumerate(STAGES, start=1):
        more = {
            "IsClosed": closed,
            "IsWon": won,
            "DefaultProbability": probability,
            "ForecastCategory": forecast.replace(" ", ""),
            "ForecastCategoryName": forecast,
        }
        _add_value(rows, org, "OpportunityStage", system, name, order, IsActive=True, **more)
    for order, (name, converted) in enumerate(LEAD_STATUSES, start=1):
        _add_value(rows, org, "LeadStatus", system, name, order, IsConverted=converted)
    for order, (name, closed) in enumerate(TASK_STATUSES, start=1):
        _add_value(rows, org, "TaskStatus", system, name, order, IsClosed=closed)
    for order, name in enumerate(["High", "Normal", "Low"], start=1):
        _add_value(rows, org, "TaskPriority", system, name, order, IsHighPriority=name == "High")


def _add_value(
    rows: Rows, org: Org, name: str, system: str, label: str, order: int, **more: Any
) -> None:
    default = label == "Normal" if name == "TaskPriority" else order == 1
    value = {"MasterLabel": label, "ApiName": label, "SortOrder": order, "IsDefault": default}
    if name == "OpportunityStage":
        del value["IsDefault"]
    _add(rows, org, name, system, {**value, **more})


def _add(rows: Rows, org: Org, name: str, by: str | None, data: Record) -> str:
    schema = org.object(name)
    assert schema is not None, f"no data file for {name}"  # noqa: S101
    moment = now_stamp()
    data = dict(data)
    for stamp in ("CreatedDate", "LastModifiedDate", "SystemModstamp"):
        if schema.field(stamp):
            data[stamp] = moment
    for author in ("CreatedById", "LastModifiedById"):
        if schema.field(author) and by:
            data[author] = by
    return rows.insert(org, schema, data)
