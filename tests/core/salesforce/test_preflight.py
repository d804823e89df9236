"""Asking the stand-in: what is asked, what it costs, what stays open."""

import pytest

from core.policy import Mode, Policy
from core.preflight import Level, judge
from core.salesforce.errors import ConnectionDead, Transient
from core.salesforce.preflight import REQUESTS, ask
from core.salesforce.setup_pages import setup_page
from tests.core.salesforce.helpers.stand_in import StandIn

LEADS = Policy(enabled=True)
DEALS = Policy(enabled=True, mode=Mode.OPPORTUNITIES)


def look(org: StandIn, policy: Policy = LEADS):
    *_, seen = ask(org.client, org.connection["user_id"], policy)
    return seen


def amiss(org: StandIn, policy: Policy = LEADS):
    report = judge(look(org, policy), policy)
    return {one.reason.code for one in report.findings if one.level is not Level.GOOD}


def checks(org: StandIn):
    return len({one.reason.code for one in judge(look(org, DEALS), DEALS).findings})


@pytest.mark.parametrize("policy", [LEADS, DEALS])
def test_it_costs_five_calls_whatever_the_mode(org, policy):
    steps = len(list(ask(org.client, org.connection["user_id"], policy)))
    asked = org.control("GET", "/requests?org=Acme")
    assert (steps, org.client.calls, sum(one["calls"] for one in asked)) == (REQUESTS,) * 3
    assert REQUESTS == 5


def test_a_fresh_org_is_fine(org):
    assert amiss(org) == set()
    assert amiss(org, DEALS) == {"preflight.contacts_private"}
    assert checks(org) >= 14


def test_what_it_sees(org):
    org.switch(
        namespace="unitalk",
        package_version="1.4",
        record_counts={"Lead": 5_000_000},
        record_types=[{"object": "Lead", "name": "Partner", "default": True}],
        duplicate_rules=[
            {"object": "Lead", "action": "block", "against": ["Lead"], "name": name, "active": on}
            for name, on in (("Strict", True), ("Off", False))
        ],
    )
    seen = look(org)
    assert [(one.namespace, one.version) for one in seen.packages or ()] == [("unitalk", "1.4")]
    assert judge(seen, LEADS).package == "1.4"
    assert seen.records == {"Lead": 5_000_000, "Contact": 0}
    assert seen.record_types == {"Lead": "Partner"}
    assert seen.duplicate_rules == {"Lead": ("Strict",)}
    assert seen.sees_all == {"Lead": True}
    assert seen.time_zone == "Europe/Kyiv"
    assert seen.storage == (5, 5)
    assert seen.seconds is not None
    assert (seen.api_used, seen.api_allowed) == (5, 100_000)
    assert seen.createable["Lead"]


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        ({"hidden_fields": ["Lead.Phone", "Lead.MobilePhone"]}, {"hold.blind"}),
        ({"hidden_fields": ["Task.WhoId"]}, {"hold.no_who"}),
        ({"encrypted_fields": ["Lead.Phone"]}, {"preflight.phones_encrypted"}),
        ({"encrypted_fields": ["Lead.Phone", "Lead.MobilePhone"]}, {"hold.encrypted"}),
        ({"hidden_fields": ["Task.Description"]}, {"preflight.left_out"}),
        ({"field_changes": {"Task.Subject": {"createable": False}}}, {"preflight.left_out"}),
        ({"package": False}, {"preflight.package_missing"}),
        ({"storage_full": True}, {"preflight.storage_full"}),
        ({"sharing": "private", "view_all": []}, {"preflight.sharing"}),
        ({"sharing": "private"}, set()),
        ({"sharing": "public", "view_all": []}, set()),
        ({"visible_users": "own"}, {"preflight.users_hidden"}),
        ({"view_setup": False}, {"preflight.not_told"}),
        (
            {"view_setup": False, "sharing": "private"},
            {"preflight.sharing_unknown", "preflight.not_told"},
        ),
    ],
)
def test_what_an_org_hides(org, settings, codes):
    org.switch(**settings)
    assert amiss(org) == codes


def test_contacts_without_an_account_are_not_seen_without_view_all(org):
    org.switch(view_all=["Lead", "Opportunity"])
    assert look(org, DEALS).sees_all == {"Contact": False, "Opportunity": True}


def test_a_required_field_of_the_customers(org):
    field = {"object": "Lead", "name": "Region__c", "type": "string", "nillable": False}
    org.control("POST", "/orgs/Acme/fields", field)
    assert amiss(org) == {"preflight.required"}


def test_a_look_up_that_salesforce_refuses_is_told(org):
    org.fault("server_error", path="composite", times=1, method="POST")
    with pytest.raises(Transient, match="UNKNOWN_EXCEPTION"):
        look(org)
    steps = ask(org.client, org.connection["user_id"], LEADS)
    for _ in range(REQUESTS - 1):
        next(steps)
    org.fault("server_error", path="composite")
    seen = next(steps)
    assert seen.seconds is None
    assert seen.refused is not None
    assert "UNKNOWN_EXCEPTION" in seen.refused.params["code"]


def test_what_ends_the_connection_ends_the_look(org):
    org.switch(api_enabled=False)
    with pytest.raises(ConnectionDead):
        look(org)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("permission_sets", "https://acme.my.salesforce.com/lightning/setup/PermSets/home"),
        (
            "fields/Lead",
            "https://acme.my.salesforce.com/lightning/setup/ObjectManager/Lead"
            "/FieldsAndRelationships/view",
        ),
    ],
)
def test_pages_of_setup(name, address):
    assert setup_page("https://acme.my.salesforce.com", name) == address
