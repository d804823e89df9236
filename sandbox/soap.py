"""SOAP, as much of it as converts a lead: REST has no way to.

Source: SOAP API guide, `convertLead()`, partner WSDL.
"""

import re
from collections.abc import Iterable
from html import escape, unescape

from flask import Blueprint, Response, request

from sandbox.control import system_caller
from sandbox.conversion import convert_lead
from sandbox.errors import SalesforceError
from sandbox.services import services

soap = Blueprint("soap", __name__)
_ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns="urn:partner.soap.sforce.com"><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"""


@soap.post("/services/Soap/u/<version>")
@soap.post("/services/Soap/u/<version>/")
def call(version: str) -> Response:
    """Convert the one lead of a `convertLead`; anything else is a fault."""
    asked, found = request.get_data(as_text=True), services()
    row = found.tokens.token(_text(asked, "sessionId"), "access")
    org = found.orgs.get(row["org"]) if row is not None and found.tokens.is_good(row) else None
    if org is None:
        return _fault("INVALID_SESSION_ID: Invalid Session ID found in SessionHeader")
    if len(re.findall(r"<(?:\w+:)?(?:convertLead|leadConverts)>", asked)) != 2:
        return _fault("UNKNOWN_EXCEPTION: the stand-in converts one lead, and nothing else")
    with found.storage.transaction():
        found.counters.add(org.id, "api_usage")
        found.counters.add(org.id, "api_calls")
    status = _text(asked, "convertedStatus")
    wanted = _text(asked, "doNotCreateOpportunity") == "false"
    try:
        if not found.rows.find(org, "LeadStatus", MasterLabel=status, IsConverted=True):
            raise SalesforceError("INVALID_STATUS", f"invalid convertedStatus: {status}")
        caller = system_caller(found, org)
        done = convert_lead(caller, _text(asked, "leadId"), with_opportunity=wanted)
    except SalesforceError as error:
        refused = [("message", error.message), ("statusCode", error.code)]
        return _result(f"<errors>{_elements(refused)}</errors><success>false</success>")
    made = [
        ("accountId", done["ConvertedAccountId"]),
        ("contactId", done["ConvertedContactId"]),
        ("leadId", done["Id"]),
        ("opportunityId", done["ConvertedOpportunityId"] or ""),
    ]
    return _result(f"{_elements(made)}<success>true</success>")


def _text(asked: str, name: str) -> str:
    """The text of the first element of that name, whatever its prefix; empty when it has none."""
    match = re.search(rf"<(?:\w+:)?{name}>([^<]*)</", asked)
    return unescape(match.group(1)).strip() if match else ""


def _elements(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in pairs)


def _result(body: str) -> Response:
    return _answer(f"<convertLeadResponse><result>{body}</result></convertLeadResponse>", 200)


def _fault(text: str) -> Response:
    code = text.partition(":")[0]
    pairs = [("faultcode", code), ("faultstring", text)]
    return _answer(f"<soapenv:Fault>{_elements(pairs)}</soapenv:Fault>", 500)


def _answer(body: str, status: int) -> Response:
    return Response(_ENVELOPE.format(body=body), status, content_type="text/xml;charset=utf-8")
