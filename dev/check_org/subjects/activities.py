"""Which records a call may hang on, and what Salesforce says when it may not."""

from __future__ import annotations

from core.facts import Lessons
from core.objects import CONTACT, CONTACT_ROLE, LEAD, OPPORTUNITY, TASK
from core.plan import Ref
from dev.check_org.assertions import Found, NotAsked, asserts
from dev.check_org.conversion import converted_lead
from dev.check_org.org import Org
from dev.check_org.subjects.search import searched
from dev.check_org.writing import Written, row, write


@asserts("`Opportunity.ContactId` makes a primary contact role", expected="one, primary")
def contact_role(org: Org) -> Found:
    """Source: Object Reference, "Opportunity": `ContactId`, on create only."""
    contact = row(org, "contact_role", CONTACT)
    opportunity = row(org, "contact_role", OPPORTUNITY, ContactId=Ref("contact"))
    written = write(org, contact, opportunity)
    roles = org.query(
        f"SELECT ContactId, IsPrimary FROM {CONTACT_ROLE}"  # noqa: S608
        f" WHERE OpportunityId = '{written.id('opportunity')}'"
    )
    primary = [role["ContactId"] == written.id("contact") and role["IsPrimary"] for role in roles]
    return Found(primary == [True], f"{len(roles)}, {'' if any(primary) else 'not '}primary")


@asserts(
    "A call on a lead cannot have an opportunity, too",
    expected="refused: FIELD_INTEGRITY_EXCEPTION",
)
def lead_with_what(org: Org) -> Found:
    """Source: Object Reference, "Task": `WhatId`. The wording is a guess of the stand-in."""
    lead = row(org, "lead_with_what", LEAD)
    opportunity = row(org, "lead_with_what", OPPORTUNITY)
    task = row(org, "lead_with_what", TASK, WhoId=Ref("lead"), WhatId=Ref("opportunity"))
    written = write(org, lead, opportunity, task)
    code = "" if written.good else written.error("task").code
    return Found(code == "FIELD_INTEGRITY_EXCEPTION", written.said("task"))


@asserts(
    "A call on a converted lead is refused",
    expected="CANNOT_UPDATE_CONVERTED_LEAD; the product avoids the lead",
)
def task_on_a_converted_lead(org: Org) -> Found:
    lead = converted_lead(org, "task_on_a_converted_lead")
    written = write(org, row(org, "task_on_a_converted_lead", TASK, WhoId=lead.id))
    return _avoided(written, lead.id, {"CANNOT_UPDATE_CONVERTED_LEAD"})


@asserts(
    "A call on a deleted lead is refused",
    expected="ENTITY_IS_DELETED or INVALID_CROSS_REFERENCE_KEY; the product avoids the lead",
)
def task_on_a_deleted_lead(org: Org) -> Found:
    """Both are told of a reference that is gone. Source: SOAP guide, "StatusCode"."""
    lead = write(org, row(org, "task_on_a_deleted_lead", LEAD)).id("lead")
    org.client.request("DELETE", f"/sobjects/{LEAD}/{lead}")
    written = write(org, row(org, "task_on_a_deleted_lead", TASK, WhoId=lead))
    return _avoided(written, lead, {"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"})


@asserts("A lead cannot be given a converted status", expected="refused: INVALID_STATUS")
def converted_status(org: Org) -> Found:
    """Code and wording are a guess of the stand-in."""
    statuses = org.query("SELECT ApiName FROM LeadStatus WHERE IsConverted = true LIMIT 1")
    status = str(statuses[0]["ApiName"])
    written = write(org, row(org, "converted_status", LEAD, Status=status))
    code = "" if written.good else written.error("lead").code
    return Found(code == "INVALID_STATUS", written.said("lead"))


@asserts("The search index leaves converted leads out", expected="the contact found, the lead not")
def converted_lead_in_the_index(org: Org) -> Found:
    """Source: Salesforce Help: converted leads are not indexed again. Asked once the contact,
    which came later and has the same number, is found."""
    lead = converted_lead(org, "converted_lead_in_the_index")
    if not lead.contact_id or not lead.phone:
        raise NotAsked("no lead of ours could be converted")
    contacts, seconds = searched(org, lead.phone, CONTACT, {lead.contact_id})
    if lead.contact_id not in contacts:
        raise NotAsked(f"the contact was not found within {seconds:.0f} s")
    leads, _ = searched(org, lead.phone, LEAD, set())
    found = "also" if lead.id in leads else "not"
    return Found(lead.id not in leads, f"the contact after {seconds:.0f} s, the lead {found}")


def _avoided(written: Written, lead: str, codes: set[str]) -> Found:
    if written.good:
        return Found(False, "written")
    error = written.error("task")
    learnt = written.judged("task").lessons == Lessons(avoid=frozenset({lead}))
    return Found(learnt and error.code in codes, str(error).replace(lead[:15], "00Q…"))
