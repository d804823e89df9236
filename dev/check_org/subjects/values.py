"""Values in a body: text that looks like a reference, numbers in text fields, ids."""

from __future__ import annotations

from core.objects import LEAD, TASK
from core.salesforce.translate import rest_error
from dev.check_org.assertions import Found, asserts
from dev.check_org.org import Org
from dev.check_org.writing import row, write


@asserts("Braces in a call's text stay text", expected="“@ {lead.id}” read back")
def braces_stay_text(org: Org) -> Found:
    """What the product makes of `@{lead.id}`. Source: REST guide, "Composite": there is no escape
    for a reference."""
    lead = row(org, "braces_stay_text", LEAD, Description="Said @{lead.id}")
    written = write(org, lead)
    if not written.good:
        return Found(False, written.said("lead"))
    read = org.query(f"SELECT Description FROM Lead WHERE Id = '{written.id('lead')}'")  # noqa: S608
    text = str(read[0]["Description"])
    return Found(text == "Said @ {lead.id}", f"“{text}”")


@asserts("A number in a text field is refused", expected="400 JSON_PARSER_ERROR")
def number_in_a_text_field(org: Org) -> Found:
    """The product never sends one. The stand-in refuses it; other stand-ins take it."""
    return _posted(org, "number_in_a_text_field", "JSON_PARSER_ERROR", CallDisposition=5)


@asserts("An id in the body of a new record is refused", expected="400 INVALID_FIELD")
def id_in_a_body(org: Org) -> Found:
    """The product never sends one. Stand-ins have said INVALID_FIELD_FOR_INSERT_UPDATE, too."""
    return _posted(org, "id_in_a_body", "INVALID_FIELD", Id=f"00T{org.user_id[3:]}")


def _posted(org: Org, assertion: str, code: str, **fields: str | int) -> Found:
    body = {**row(org, assertion, TASK).fields, **fields}
    answer = org.send("POST", f"/sobjects/{TASK}", body)
    if answer.status < 300:
        return Found(False, "written")
    error = rest_error(answer.status, answer.body)
    return Found((answer.status, error.code) == (400, code), f"{answer.status} {error}")
