"""Records that we wrote, by their ids: what stands there, and taking them away again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from core.objects import object_of
from core.salesforce.client import Client
from core.salesforce.composite import Row, read_all
from core.salesforce.errors import SalesforceError, Transient
from core.salesforce.translate import rest_error

GONE = "ENTITY_IS_DELETED"


def read_back(
    client: Client, columns: Mapping[str, Collection[str]]
) -> dict[str, Row | SalesforceError]:
    """Each record, or why it cannot be read: one API call for up to 25.

    Args:
        columns: by record id, the fields to read.
    """
    # A name within a composite begins with a letter, ids do not.
    paths = {
        f"r{one}": f"/sobjects/{object_of(one)}/{one}?fields={','.join(fields)}"
        for one, fields in columns.items()
    }
    return {name[1:]: body for name, body in read_all(client, paths).items()}


def remove(client: Client, ids: Sequence[str]) -> dict[str, SalesforceError]:
    """Delete up to 200 records of any objects, in this order: one API call.

    Returns the refusals by id; one that is gone already counts as removed. Raises what `errors`
    lists, also after a removal whose answer was lost.

    Source: REST guide, "Delete Records Using sObject Collections".
    """
    answers = client.request("DELETE", f"/composite/sobjects?ids={','.join(ids)}&allOrNone=false")
    if not isinstance(answers, list) or len(answers) != len(ids):
        raise Transient("COLLECTION_UNREADABLE")
    refused = {
        record_id: rest_error(400, answer)
        for record_id, answer in zip(ids, answers, strict=True)
        if not answer.get("success")
    }
    return {record_id: error for record_id, error in refused.items() if error.code != GONE}
