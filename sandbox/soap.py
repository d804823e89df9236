"""SOAP, as much of it as converts a lead: REST has no way to.

Source: SOAP API guide, `convertLead()`, partner WSDL.
"""

import re
from collections.abc import Iterable
from html import escape, unescape

from flask import Blueprint, Response, request

from sandbox.caller import Caller
from sandbox.conversion import convert_lead
from sandbox.dml import editable
from sandbox.errors import SalesforceError
from sandbox.rest import caller_of
from sandbox.services import services

soap = Blueprint("soap", __name__)
_NO_SESSION = "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader"
_NO_VERSION = "UNSUPPORTED_API_VERSION: Invalid Api version specified on URL"
_ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns="urn:partner.soap.sforce.com"><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"""


@soap.post("/services/Soap/u/<version>")
@soap.post("/services/Soap/u/<version>/")
def call(version: str) -> Response:
    """Convert the one lead of a `convertLead`; anything else is a fault."""
    asked, found = request.get_data(as_text=True), services()
    try:
        caller = caller_of(found, _text(asked, "sessionId"), version)
    except SalesforceError as error:
        return _fault(_NO_SESSION if error.code == "INVALID_SESSION_ID" else _NO_VERSION)
    if len(re.findall(r"<(?:\w+:)?(?:convertLead|leadConverts)>", asked)) != 2:
        return _fault("UNKNOWN_EXCEPTION: the stand-in converts one lead, and nothing else")
    with found.storage.transaction():
        found.counters.add(caller.org.id, "api_usage")
        found.counters.add(caller.org.id, "api_calls")
    status = _text(asked, "convertedStatus")
    wanted = _text(asked, "doNotCreateOpportunity") == "false"
    try:
        if not found.rows.find(caller.org, "LeadStatus", MasterLabel=status, IsConverted=True):
            raise SalesforceError("INVALID_STATUS", f"invalid convertedStatus: {status}")
        lead = _text(asked, "leadId")
        _check_editable(caller, lead)
        done = convert_lead(caller.system(), lead, with_opportunity=wanted)
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


def _check_editable(caller: Caller, lead_id: str) -> None:
    leads = caller.org.object("Lead")
    assert leads is not None, "Lead is a standard object"  # noqa: S101
    editable(caller, leads, lead_id)


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
