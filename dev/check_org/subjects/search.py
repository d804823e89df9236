"""Finding a number: by the look-up's own query, by its plan, by the search index."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote_plus

from core.objects import CONTACT, LEAD
from core.salesforce.lookup import look_up
from core.salesforce.questions import questions
from dev.check_org.assertions import Found, NotAsked, asserts
from dev.check_org.org import Org
from dev.check_org.writing import made_up_phone, row, write

_PAUSE = 2
"""Seconds between two questions to the search index."""
_SPELLINGS = (
    "+380{area}{rest}",
    "380{area}{rest}",
    "+38 (0{area}) {a}-{b}-{c}",
    "0{area} {a} {b} {c}",
    "8 0{area} {a} {b} {c}",
    "(044) 300-20-10, 0{area}-{a}-{b}-{c}",
)


@asserts("The look-up finds a number in six spellings", expected="6 of 6 leads, 1 API call")
def six_spellings(org: Org) -> Found:
    number, spellings = _number()
    steps = [
        row(org, "six_spellings", LEAD, f"lead{place}", MobilePhone=one)
        for place, one in enumerate(spellings)
    ]
    planted = write(org, *steps)
    leads = {planted.id(step.step): step.fields["MobilePhone"] for step in steps}
    shape, before, began = org.shape, org.calls, time.monotonic()
    facts = look_up(org.client, shape, [number], [], [], org.policy, org.user_id, _today(), {})
    taken = (time.monotonic() - began) * 1000
    calls, found = org.calls - before, {lead.id for lead in facts.leads}
    missed = [f"not {spelling}" for lead, spelling in leads.items() if lead not in found]
    text = f"{len(leads) - len(missed)} of 6 leads, {calls} API call, {taken:.0f} ms"
    return Found(not missed and calls == 1, "; ".join([text, *missed]))


@asserts("The look-up's query reads the whole table", expected="TableScan")
def look_up_plan(org: Org) -> Found:
    """Anything better would be news. Source: REST guide, "Query Performance Feedback"."""
    number, _ = _number()
    asked = questions(org.shape, org.policy, [number], [], [], _today())
    query = next((one.query for one in asked if one.kind == "lead"), None)
    if query is None:
        raise NotAsked("no phone field of leads can be searched")
    best = org.client.request("GET", f"/query/?explain={quote_plus(query)}")["plans"][0]
    text = (
        f"{best['leadingOperationType']}, relative cost {best['relativeCost']},"
        f" {best['sobjectCardinality']} rows"
    )
    return Found(best["leadingOperationType"] == "TableScan", text)


@asserts("The number of leads and contacts is told", expected="a number of each")
def record_count(org: Org) -> Found:
    """Not to every user. Source: REST guide, "Record Count"."""
    answer = org.client.request("GET", f"/limits/recordCount?sObjects={LEAD},{CONTACT}")
    counts = {str(one["name"]): one["count"] for one in answer["sObjects"]}
    text = ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"
    return Found(all(isinstance(counts.get(one), int) for one in (LEAD, CONTACT)), text)


@asserts("The search index finds a number in two spellings", expected="both, within minutes")
def search_index(org: Org) -> Found:
    """How phones are indexed, and how long it takes, is told nowhere (SOSL's sample in the SOAP
    guide, `search()`, finds a US number by its digits)."""
    number, spellings = _number()
    wanted = {
        write(org, row(org, "search_index", LEAD, Phone=one)).id("lead")
        for one in (spellings[0], spellings[2])
    }
    terms = f"{number[1:]} OR {number[3:]}"
    found, seconds = searched(org, terms, LEAD, wanted)
    text = f"{len(wanted & found)} of 2 after {seconds:.0f} s"
    return Found(wanted <= found, text)


def searched(org: Org, terms: str, object_name: str, wanted: set[str]) -> tuple[set[str], float]:
    """Ids that the index gives for `terms`, once all of `wanted` are among them or patience is
    over, and the seconds it took."""
    find = f"FIND {{{terms}}} IN PHONE FIELDS RETURNING {object_name}(Id)"
    began = time.monotonic()
    while True:
        answer: Any = org.client.request("GET", f"/search/?q={quote_plus(find)}")
        found = {str(one["Id"]) for one in answer["searchRecords"]}
        seconds = time.monotonic() - began
        if wanted <= found or seconds >= org.patience:
            return found, seconds
        org.sleep(_PAUSE)


def _number() -> tuple[str, list[str]]:
    """A made-up Ukrainian number in E.164, and its six spellings."""
    number = made_up_phone()
    rest = number[-7:]
    parts = {"area": "50", "rest": rest, "a": rest[:3], "b": rest[3:5], "c": rest[5:]}
    return number, [one.format(**parts) for one in _SPELLINGS]


def _today() -> date:
    return datetime.now(UTC).date()
