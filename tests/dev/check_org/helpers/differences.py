"""One way for each assertion in which an org may differ from what the product expects.

By a switch of the stand-in where one makes this difference and no other. The rest is changed on
the way: a request (`node`), so that the stand-in itself differs, or an answer (`answer`), where
no request would make the stand-in say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from dev.check_org.asking import Verdict
from tests.dev.check_org.helpers.between import Reply
from tests.dev.check_org.helpers.rig import Rig

Plant = Callable[[Rig], None]


def answer(*texts: str, by: Callable[[Reply], object]) -> Plant:
    """The org answers otherwise to requests in which all of `texts` stand."""
    return lambda rig: rig.between.change_answer(*texts, by=by)


def node(*texts: str, by: Callable[[dict[str, Any]], object]) -> Plant:
    """The org gets each node of such graphs otherwise than it was sent."""

    def change(body: Any) -> None:
        for graph in body["graphs"]:
            for one in graph["compositeRequest"]:
                by(one)

    return lambda rig: rig.between.change_request("/composite/graph", *texts, by=change)


def without(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda one: one["body"].pop(name, None)


def each_row(**values: Any) -> Callable[[Reply], None]:
    """Of a query's answer."""

    def change(reply: Reply) -> None:
        for row in reply.body["records"]:
            row.update(values)

    return change


def each_row_of(part: str, **values: Any) -> Callable[[Reply], object]:
    """Of one query of a composite."""
    return lambda reply: [row.update(values) for row in reply.part(part)["body"]["records"]]


def refused(code: str, text: str = "Otherwise.") -> Callable[[Reply], None]:
    """All nodes of a graph, which may have been written."""

    def change(reply: Reply) -> None:
        for graph in reply.body["graphs"]:
            graph["isSuccessful"] = False
        for one in reply.nodes():
            error = {"errorCode": code, "message": text, "fields": []}
            one.update(httpStatusCode=400, body=[error])

    return change


def status(number: int) -> Callable[[Reply], None]:
    return lambda reply: setattr(reply, "status", number)


def text(pattern: str, other: str) -> Callable[[Reply], None]:
    return lambda reply: reply.rewrite(lambda whole: re.sub(pattern, other, whole))


def ours_to_the_rule(one: dict[str, Any]) -> None:
    """As if the header of a node were not looked at."""
    one["httpHeaders"].pop("Sforce-Auto-Assign", None)


def _key_in_lower_case(one: dict[str, Any]) -> None:
    """As if the case of a key were not looked at."""
    key = next(name for name in one["body"] if name.endswith("Call_Id__c"))
    one["body"][key] = one["body"][key].lower()


class _EachItsOwnKind:
    """As if each id were a kind of node: of a version of its own, which is one."""

    def __init__(self) -> None:
        self._version = 50

    def __call__(self, one: dict[str, Any]) -> None:
        one["url"] = re.sub(r"v\d\d\.0", f"v{self._version}.0", one["url"])
        self._version += 1


def _not_given_away(one: dict[str, Any]) -> None:
    """As if a graph looked at sharing once all is written."""
    if one["referenceId"] == "gift":
        one["body"].pop("OwnerId")
        one["body"]["Description"] = "Kept"


def _required_field(reply: Reply) -> None:
    fields = reply.part("Contact")["body"]["fields"]
    fields.append({"name": "Budget__c", "type": "double", "createable": True, "nillable": False})


def _hidden_object(reply: Reply) -> None:
    error = {"errorCode": "INSUFFICIENT_ACCESS", "message": "Otherwise."}
    reply.part("OpportunityContactRole").update(httpStatusCode=403, body=[error])


def _one_less(reply: Reply) -> None:
    """Of the rows of the first query of a composite."""
    reply.part("q0")["body"]["records"].pop()


def _finds_converted(rig: Rig) -> None:
    def change(reply: Reply) -> None:
        converted = [{"Id": one["Id"]} for one in rig.records("Lead") if one["IsConverted"]]
        reply.body["searchRecords"] += converted

    rig.between.change_answer("IN PHONE FIELDS RETURNING Lead", by=change)


def _all_with_a_cause(reply: Reply) -> None:
    for one in reply.nodes():
        one["body"][0]["errorCode"] = "STRING_TOO_LONG"


def _three_answered(reply: Reply) -> None:
    reply.status, reply.body = 200, {"totalSize": 0, "done": True, "records": []}


DIFFERENCES: Mapping[str, Plant] = {
    "versions": answer("GET http://127.0.0.1:5003/services/data ", by=lambda r: r.body.pop(35)),
    "versions_not_there": answer("/v30.0/ ", by=status(404)),
    "identity_of_the_org": answer("/id/00D", by=text(r"00D\w{15}", "00D000000000001EAA")),
    "limit_header": answer("/services/data", by=lambda r: r.headers.pop("sforce-limit-info", "")),
    "shape_in_one_call": answer("/composite ", "describe", by=_hidden_object),
    "phone_fields_visible": lambda rig: rig.switch(hidden_fields=["Contact.AssistantPhone"]),
    "phone_fields_filterable": lambda rig: rig.switch(encrypted_fields=["Contact.OtherPhone"]),
    "task_fields_createable": lambda rig: rig.change_field("Task.CallType", createable=False),
    "package_fields": lambda rig: rig.change_field("Opportunity.UniTalk_Key__c", unique=False),
    "own_fields_createable": lambda rig: rig.change_field(
        "Task.UniTalk_External_Line__c", createable=False
    ),
    "required_fields": answer("/composite ", "describe", by=_required_field),
    "duplicate_rules": lambda rig: rig.switch(view_setup=False),
    "duplicate_named": answer("duplicate_named", by=text("DUPLICATES_DETECTED", "DUPLICATE_VALUE")),
    "stages": answer("/composite ", "describe", by=each_row_of("stages", IsClosed=False)),
    "task_statuses": answer("/composite ", "describe", by=each_row_of("statuses", IsClosed=True)),
    "users_shown": answer(
        "/composite ", "describe", by=lambda r: r.part("users")["body"]["records"].clear()
    ),
    "six_spellings": answer("/composite ", "LIKE", by=_one_less),
    "look_up_plan": answer("explain=", by=text("TableScan", "Index")),
    "record_count": answer("recordCount", by=lambda r: r.body["sObjects"].pop()),
    "search_index": answer("FIND {", " OR ", by=lambda r: r.body["searchRecords"].pop()),
    "semi_joins": answer("IN (SELECT AccountId FROM Opp", " AND ", by=_three_answered),
    "types_of_columns": answer("columns=true", by=text("Integer", "Double")),
    "wrong_spans": answer("/updated/", by=lambda r: r.refuse("INVALID_FIELD")),
    "upsert_of_several": answer("/Email/", by=lambda r: r.nodes()[0].update(httpStatusCode=400)),
    "graph_is_written": answer("SELECT WhoId FROM Task WHERE Id", by=each_row(WhoId=None)),
    "failed_node": answer("failed_node", by=text("PROCESSING_HALTED", "STRING_TOO_LONG")),
    "halted_text": answer("halted_text", by=text("rolled back", "undone")),
    "twenty_failing_graphs": answer("twenty_failing_graphs", by=_all_with_a_cause),
    "sixteen_ids": lambda rig: node("PATCH", "sixteen_ids", by=_EachItsOwnKind())(rig),
    "graph_depth": answer("graph_depth", by=lambda r: r.refuse("LIMIT_EXCEEDED")),
    "query_in_a_graph": answer("/composite/graph", "/query/", by=status(200)),
    "call_key_again": answer("call_key_again", by=text(r"(id: \w{15})", r"\1AAA")),
    "call_key_in_other_case": node("-CASE", by=_key_in_lower_case),
    "record_key_again": answer("record_key_again", by=text(r"id: \w+", "id: <unknown>")),
    "braces_stay_text": answer("SELECT Description", by=each_row(Description="Said 00Q")),
    "number_in_a_text_field": answer("number_in_a_text_field", by=status(201)),
    "id_in_a_body": answer("id_in_a_body", by=lambda r: r.refuse("JSON_PARSER_ERROR")),
    "owner_kept_on_create": node("owner_kept_on_create", "OwnerId", by=ours_to_the_rule),
    "owner_kept_on_update": node("owner_kept_on_update", "PATCH", by=ours_to_the_rule),
    "inactive_owner": node("inactive_owner", by=without("OwnerId")),
    "queue_as_owner": node("queue_as_owner", by=without("OwnerId")),
    "given_away_first": node("given_away_first", by=_not_given_away),
    "given_away_last": answer("given_away_last", by=refused("INSUFFICIENT_ACCESS_OR_READONLY")),
    "contact_role": node("contact_role", by=without("ContactId")),
    "lead_with_what": node("lead_with_what", by=without("WhatId")),
    "task_on_a_converted_lead": node("task_on_a_converted_lead", by=without("WhoId")),
    "task_on_a_deleted_lead": node("task_on_a_deleted_lead", by=without("WhoId")),
    "converted_status": node("converted_status", by=without("Status")),
    "converted_lead_in_the_index": _finds_converted,
    "two_by_credentials": answer(
        "client_credentials", by=lambda r: setattr(r, "body", {"error": "invalid_grant"})
    ),
    "package_deploys": lambda rig: rig.cli_says(
        "project deploy",
        status=1,
        result={"details": {"componentFailures": [{"fullName": "UniTalk", "problem": "No."}]}},
    ),
    "two_renewals": answer("grant_type=refresh_token", by=text("invalid_grant", "server_error")),
}

ALSO = {
    "duplicate_rules": {"duplicate_named": Verdict.NOT_ASKED, "record_count": Verdict.DIFFERENT}
}
"""What else cannot be good: one permission is behind all three."""
