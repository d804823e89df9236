"""A converted lead. REST cannot convert one; SOAP can, with the same session.

Source: SOAP API guide, `convertLead()`: needs the permission Convert Leads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

import httpx

from core.objects import LEAD
from core.salesforce.client import API_VERSION
from core.salesforce.ids import to_18
from dev.check_org.assertions import NotAsked
from dev.check_org.org import Org
from dev.check_org.writing import made_up_phone, row, write

_ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
            xmlns:p="urn:partner.soap.sforce.com">
  <s:Header><p:SessionHeader><p:sessionId>{session}</p:sessionId></p:SessionHeader></s:Header>
  <s:Body><p:convertLead><p:leadConverts>
    <p:convertedStatus>{status}</p:convertedStatus>
    <p:doNotCreateOpportunity>true</p:doNotCreateOpportunity>
    <p:leadId>{lead}</p:leadId>
    <p:overwriteLeadSource>false</p:overwriteLeadSource>
    <p:sendNotificationEmail>false</p:sendNotificationEmail>
  </p:leadConverts></p:convertLead></s:Body>
</s:Envelope>"""


@dataclass(frozen=True)
class Converted:
    """`contact_id` and `phone` only of a lead of ours."""

    id: str
    contact_id: str = ""
    phone: str = ""


def converted_lead(org: Org, assertion: str) -> Converted:
    """One of ours, else one that the org has, on which nothing but a refused Task is tried.
    Raises `NotAsked`."""
    phone = made_up_phone()
    lead = write(org, row(org, assertion, LEAD, Phone=phone)).id("lead")
    said = _convert(org, lead)
    contact = re.search(r"<(?:\w+:)?contactId>(\w{15,18})<", said)
    if contact and re.search(r"<(?:\w+:)?success>true<", said):
        return Converted(lead, to_18(contact[1]), phone[1:])
    there = org.query(f"SELECT Id FROM {LEAD} WHERE IsConverted = true LIMIT 1")  # noqa: S608
    if there:
        return Converted(str(there[0]["Id"]))
    why = re.search(r"<(?:\w+:)?(?:statusCode|faultstring)>([^<]*)<", said)
    raise NotAsked(f"no lead could be converted: {why[1] if why else said[:80]}")


def _convert(org: Org, lead: str) -> str:
    """The answer, whatever it is."""
    statuses = org.query("SELECT MasterLabel FROM LeadStatus WHERE IsConverted = true LIMIT 1")
    access = org.login.current()
    body = _ENVELOPE.format(
        session=escape(access.token), status=escape(str(statuses[0]["MasterLabel"])), lead=lead
    )
    url = f"{access.instance_url}/services/Soap/u/{API_VERSION}"
    headers = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'}
    try:
        return org.http.post(url, content=body.encode(), headers=headers).text
    except httpx.HTTPError as error:
        return type(error).__name__
