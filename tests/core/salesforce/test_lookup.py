"""One read for one call or for 75: the right questions, and only true matches among the facts."""

import pytest

from core.policy import Mode
from core.salesforce.errors import RecordRefused, ShapeStale, Transient
from core.salesforce.questions import searched_fields
from tests.core.salesforce.helpers.looking import CONTACT, LEAD, NUMBER, WHEN, lead, read
from tests.core.salesforce.helpers.scripted import (
    Salesforce,
    composite,
    ok,
    queries,
    refused,
    rows,
)
from tests.core.salesforce.helpers.shapes import ANNA, GONE, TODAY, policy, shape


def test_leads_need_one_call_and_no_contacts() -> None:
    salesforce = Salesforce(composite(rows(lead(Phone="(050) 111-22-33")), rows(), rows()))
    facts = read(salesforce, policy())
    asked = queries(salesforce.body())
    assert len(salesforce.requests) == 1
    assert [query.partition(" FROM ")[2].split()[0] for query in asked] == ["Lead", "Task", "Task"]
    assert "Phone LIKE '%5%0%1%1%1%2%2%3%3%'" in asked[0]
    assert "IsConverted" in asked[0]
    assert "IsConverted =" not in asked[0]
    assert [one.id for one in facts.leads] == [LEAD]
    assert facts.leads[0].numbers == ("(050) 111-22-33",)
    assert facts.leads[0].modified_at.isoformat() == "2026-11-20T10:00:00+00:00"
    assert (facts.connected_user_id, facts.today) == (ANNA, TODAY)


def test_a_candidate_must_truly_match() -> None:
    candidates = rows(
        lead("00Q000000000001EAA", Phone="+38 050 111 22 33"),
        lead("00Q000000000002EAA", Phone="+1 501 112 233 00"),
        lead("00Q000000000003EAA", MobilePhone="0501112233"),
        lead("00Q000000000004EAA", Phone=None, MobilePhone=""),
    )
    facts = read(Salesforce(composite(candidates, rows(), rows())), policy())
    assert [one.id for one in facts.leads] == ["00Q000000000001EAA", "00Q000000000003EAA"]


def test_a_known_contact_first_asks_for_contacts_too() -> None:
    salesforce = Salesforce(composite(rows(), rows(), rows(), rows()))
    read(salesforce, policy(known_contact_first=True))
    assert " FROM Contact " in queries(salesforce.body())[1]


def test_contacts_need_no_leads() -> None:
    salesforce = Salesforce(composite(rows(lead(CONTACT, HomePhone="0501112233")), rows(), rows()))
    facts = read(salesforce, policy(mode=Mode.CONTACTS))
    asked = queries(salesforce.body())
    assert " FROM Contact " in asked[0]
    assert "OpportunityContactRoles" not in asked[0]
    assert [one.id for one in facts.contacts] == [CONTACT]


def role(record_id: str, closed: bool, when: str) -> dict:
    return {
        "OpportunityId": record_id,
        "Opportunity": {
            "Name": "Deal",
            "StageName": "New",
            "IsClosed": closed,
            "CloseDate": "2026-12-01",
            "OwnerId": ANNA,
            "LastModifiedDate": when,
        },
    }


def test_opportunities_through_contact_roles() -> None:
    roles = rows(
        role("006000000000001AAA", True, "2026-11-01T10:00:00.000+0000"),
        role("006000000000002AAA", False, WHEN),
        {"OpportunityId": "006000000000003AAA", "Opportunity": None},
    )
    found = rows(
        lead(CONTACT, Phone=NUMBER, AccountId="001000000000001AAA", OpportunityContactRoles=roles),
        lead("003000000000002AAA", Phone=NUMBER, OpportunityContactRoles=None),
    )
    salesforce = Salesforce(composite(found, rows(), rows()))
    facts = read(salesforce, policy(mode=Mode.OPPORTUNITIES))
    with_deals, without = facts.contacts
    assert [(o.id, o.is_closed) for o in with_deals.opportunities] == [
        ("006000000000002AAA", False),
        ("006000000000001AAA", True),
    ]
    assert with_deals.opportunities[0].close_date.isoformat() == "2026-12-01"
    assert with_deals.account_id == "001000000000001AAA"
    assert without.opportunities == ()


def test_opportunities_of_a_person_account() -> None:
    person = lead(CONTACT, Phone=NUMBER, IsPersonAccount=True, AccountId="001000000000001AAA")
    company = lead("003000000000002AAA", Phone=NUMBER, AccountId="001000000000002AAA")
    deal = {
        "Id": "006000000000001AAA",
        "AccountId": "001000000000001AAA",
        **role("", False, WHEN)["Opportunity"],
    }
    salesforce = Salesforce(composite(rows(person, company), rows(deal), rows(), rows()))
    known = shape(extra={"Contact": "IsPersonAccount"})
    facts = read(salesforce, policy(mode=Mode.OPPORTUNITIES), known)
    asked = queries(salesforce.body())
    assert "AccountId IN (SELECT AccountId FROM Contact WHERE IsPersonAccount = true" in asked[1]
    assert len(asked) <= 5
    mine, theirs = facts.contacts
    assert mine.is_person_account
    assert [o.id for o in mine.opportunities] == ["006000000000001AAA"]
    assert theirs.opportunities == ()


def test_where_no_field_of_an_object_is_named_the_default_ones_are_searched() -> None:
    assert searched_fields(shape(), policy(phone_fields=("Contact.Phone",)), "Lead") == (
        "Phone",
        "MobilePhone",
    )


def test_only_phone_fields_that_are_named_and_visible() -> None:
    salesforce = Salesforce(composite(rows(), rows(), rows()))
    read(salesforce, policy(phone_fields=("Lead.Fax", "Lead.Hidden__c", "Contact.Phone")))
    asked = queries(salesforce.body())[0]
    assert "Fax LIKE" in asked
    assert "Hidden__c" not in asked
    assert "MobilePhone" not in asked


def test_records_asked_for_by_id_need_no_number() -> None:
    found = rows(lead(Phone="unknown"), lead("00Q000000000002EAA", Phone="nonsense"))
    salesforce = Salesforce(composite(found, rows(lead(CONTACT)), rows(), rows()))
    facts = read(
        salesforce,
        policy(),
        ids=("00Q000000000001", CONTACT, "' OR Id != '"),
        remembered={NUMBER: frozenset({"00Q000000000002EAA"})},
    )
    asked = queries(salesforce.body())
    assert "Id IN ('00Q000000000001EAA','00Q000000000002EAA')" in asked[0]
    assert f"WHERE (Id IN ('{CONTACT}'))" in asked[1]
    assert not any("!=" in query for query in asked)
    assert [one.id for one in facts.leads] == ["00Q000000000001EAA", "00Q000000000002EAA"]
    assert [one.id for one in facts.contacts] == [CONTACT]
    assert facts.remembered == {NUMBER: frozenset({"00Q000000000002EAA"})}


def test_owners_that_left() -> None:
    found = rows(
        lead("00Q000000000001EAA", Phone=NUMBER, OwnerId=GONE),
        lead("00Q000000000002EAA", Phone=NUMBER, OwnerId="00G000000000001EAA"),
        lead("00Q000000000003EAA", Phone=NUMBER, OwnerId="005000000000009AAA"),
    )
    facts = read(Salesforce(composite(found, rows(), rows())), policy())
    assert [one.owner_active for one in facts.leads] == [False, True, True]


def test_converted_leads_carry_what_became_of_them() -> None:
    converted = lead(
        Phone=NUMBER,
        IsConverted=True,
        ConvertedContactId=CONTACT,
        ConvertedAccountId="001000000000001AAA",
        ConvertedOpportunityId=None,
        UniTalk_Key__c=NUMBER,
    )
    (one,) = read(Salesforce(composite(rows(converted), rows(), rows())), policy()).leads
    assert one.is_converted
    assert (one.converted_contact_id, one.converted_opportunity_id) == (CONTACT, "")
    assert one.key == NUMBER


def test_further_pages_are_fetched() -> None:
    more = {
        "totalSize": 2,
        "done": False,
        "nextRecordsUrl": "/services/data/v66.0/query/01g000000000001AAA-1",
        "records": [lead(Phone=NUMBER)],
    }
    page = rows(lead("00Q000000000002EAA", Phone=NUMBER))
    salesforce = Salesforce(composite(more, rows(), rows()), lambda _: ok(page))
    facts = read(salesforce, policy())
    assert [one.id for one in facts.leads] == [LEAD, "00Q000000000002EAA"]
    assert salesforce.requests[1].url.path == more["nextRecordsUrl"]


def test_75_calls_cost_one_request() -> None:
    salesforce = Salesforce(composite(rows(), rows(), rows(), rows(), rows()))
    numbers = tuple(f"+38050{number:07d}" for number in range(75))
    read(
        salesforce,
        policy(mode=Mode.OPPORTUNITIES, known_contact_first=True),
        shape(extra={"Contact": "IsPersonAccount"}),
        numbers=numbers,
        keys=tuple(str(n) for n in range(75)),
        ids=(LEAD,),
    )
    assert len(salesforce.requests) == 1


def test_no_query_is_too_long_and_no_number_forgotten() -> None:
    fields = " ".join(f"Phone{n}__c" for n in range(60))
    known = shape(extra={"Lead": fields})
    named = tuple(f"Lead.{name}" for name in fields.split())
    numbers = tuple(f"+38050{number:07d}" for number in range(75))
    asked: list[str] = []

    def answer(request: object) -> object:
        body = salesforce.body()
        asked.extend(queries(body))
        assert len(queries(body)) <= 5
        return composite(*(rows() for _ in queries(body)))(request)

    salesforce = Salesforce(answer)
    read(salesforce, policy(phone_fields=named), known, numbers=numbers)
    assert max(len(query) for query in asked) <= 100_000
    assert sum(query.count(" LIKE ") for query in asked) == 75 * 60


@pytest.mark.parametrize("code", ["INVALID_FIELD", "INVALID_TYPE"])
def test_an_org_that_changed_since_it_was_described(code: str) -> None:
    salesforce = Salesforce(composite(refused(code, "No such column 'Fax'"), rows(), rows()))
    with pytest.raises(ShapeStale) as stale:
        read(salesforce, policy())
    assert stale.value.reason.code == "salesforce.shape_stale"
    assert stale.value.message == "No such column 'Fax'"


def test_other_refusals_keep_their_kind() -> None:
    for code, kind in (("QUERY_TIMEOUT", Transient), ("INSUFFICIENT_ACCESS", RecordRefused)):
        with pytest.raises(kind):
            read(Salesforce(composite(rows(), refused(code), rows())), policy())


def test_no_access_to_contacts_is_no_contacts() -> None:
    salesforce = Salesforce(composite(rows(), rows(), rows()))
    facts = read(
        salesforce, policy(known_contact_first=True), shape(without=("Contact", "Opportunity"))
    )
    assert facts.contacts == ()
    assert not any(" FROM Contact " in query for query in queries(salesforce.body()))
