"""What one org holds: leads by number, and its Tasks in the order in which they came."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

from core.call import call_object
from core.objects import CALL_KEY, CALL_OBJECT

PHONE = "Phone"
_TEXT = re.compile(r"'([^']*)'")
_REFERENCE = re.compile(r"@\{(\w+)\.id\}")
NATIONAL = 9
"""Last digits by which a number is found: no spelling leaves them out."""


def digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))[-NATIONAL:]


@dataclass
class Records:
    leads: dict[str, str] = field(default_factory=dict)
    """Ids by the last digits of their number."""
    tasks: list[tuple[str, str, float]] = field(default_factory=list)
    """Key of the call, last digits of its lead's number, when it was there (`time.time()`)."""
    requests: int = 0
    busy: float = 0.0
    """Seconds of the org's own time, all requests together."""
    began: float = 0.0
    """When the first request came; 0 = none did."""
    leads_created: int = 0
    _by_lead: dict[str, str] = field(default_factory=dict)
    _by_key: dict[str, str] = field(default_factory=dict)

    def query(self, soql: str) -> dict[str, Any]:
        """Of leads by number or id, of Tasks by key; of anything else there is nothing."""
        found = []
        if " FROM Lead " in soql:
            asked = {digits(text) for text in _TEXT.findall(soql) if not text.startswith("00Q")}
            asked |= {self._by_lead.get(text, "") for text in _TEXT.findall(soql)}
            found = [_lead(self.leads[one], one) for one in asked - {""} if one in self.leads]
        elif " FROM Task " in soql:
            column = CALL_KEY if CALL_KEY in soql else CALL_OBJECT
            asked = set(_TEXT.findall(soql))
            found = [{"Id": self._by_key[one], column: one} for one in asked if one in self._by_key]
        return {"totalSize": len(found), "done": True, "records": found}

    def create(self, name: str, body: dict[str, Any], at: float, *, keep: bool = True) -> str:
        """Returns the id. Nothing is refused: what comes twice is there twice."""
        if name == "Lead":
            self.leads_created += 1
            lead = f"00Q{self.leads_created:012d}EAA"
            number = digits(str(body.get(PHONE) or ""))
            self.leads.setdefault(number, lead)
            self._by_lead[lead] = number
            return lead
        task = f"00T{len(self.tasks) + 1:012d}EAA"
        key = str(body.get(CALL_KEY) or body.get(CALL_OBJECT, "").removeprefix(call_object("")))
        if keep:
            self.tasks.append((key, self._by_lead.get(str(body.get("WhoId")), ""), at))
            self._by_key[str(body.get(CALL_KEY) or body.get(CALL_OBJECT))] = task
        return task

    def write(self, graph: dict[str, Any], at: float, dropped: str) -> dict[str, Any]:
        """One graph of `POST /composite/graph`; a Task of the key `dropped` is lost silently."""
        ids: dict[str, str] = {}
        answers = []
        for node in graph["compositeRequest"]:
            body = {name: _resolved(value, ids) for name, value in node["body"].items()}
            answer: dict[str, Any] = {"referenceId": node["referenceId"], "httpHeaders": {}}
            if node["method"] == "POST":
                name = node["url"].rpartition("/")[2]
                record = self.create(name, body, at, keep=body.get(CALL_KEY) != dropped)
                ids[node["referenceId"]] = record
                created = {"id": record, "success": True, "errors": []}
                answer |= {"body": created, "httpStatusCode": 201}
            else:
                answer |= {"body": None, "httpStatusCode": 204}
            answers.append(answer)
        response = {"compositeResponse": answers}
        return {"graphId": graph["graphId"], "graphResponse": response, "isSuccessful": True}

    def told(self, *, whole: bool) -> bytes:
        """For the bench: what came, how much, and when."""
        told = {
            "requests": self.requests,
            "busy": self.busy,
            "began": self.began,
            "leads": self.leads_created,
            "count": len(self.tasks),
            "last": self.tasks[-1][2] if self.tasks else time.time(),
        }
        return json.dumps(told | ({"tasks": self.tasks} if whole else {})).encode()


def _resolved(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, str) and (reference := _REFERENCE.fullmatch(value)):
        return ids[reference[1]]
    return value


def _lead(record_id: str, number: str) -> dict[str, Any]:
    return {
        "Id": record_id,
        "Name": number,
        "LastModifiedDate": "2026-11-22T10:00:00.000+0000",
        "IsConverted": False,
        PHONE: f"+380{number}",
    }
