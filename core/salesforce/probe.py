"""Try the API once, right after connecting: OAuth succeeds even where REST is switched off."""

from __future__ import annotations

from core.objects import ORGANIZATION
from core.salesforce.client import Client
from core.salesforce.composite import query_path
from core.salesforce.errors import RecordRefused


def read_api_probe(client: Client) -> str:
    """The org's name, or an empty string where the user may not read it.

    Raises what `errors` lists; `ConnectionDead` with cause `api_disabled` when the edition or
    the user has no API (packaging guide, "API Access").
    """
    try:
        query = f"SELECT Id, Name FROM {ORGANIZATION} LIMIT 1"  # noqa: S608  a name
        answer = client.request("GET", query_path(query))
    except RecordRefused:
        return ""
    rows = answer.get("records") or []
    return str(rows[0].get("Name") or "") if rows else ""
