"""Settled calls keep what Salesforce said, whatever it said."""

from datetime import UTC, datetime

import pytest

from core import reasons
from core.events import parse_call
from core.models import CallState
from core.store.results import Result
from tests.helpers.calls import write_down
from tests.helpers.events import event

MOMENT = datetime(2026, 7, 9, 13, 58, 52, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Олена", "Олена"),
        ("A\0B", "AB"),
        ("half \ud83d of one", "half ? of one"),
        ("☎️ 📞", "☎️ 📞"),
        ('"\\u0000" \\ \n', '"\\u0000" \\ \n'),
    ],
)
def test_any_text_of_salesforce_is_settled_with_its_call(postgresql_store, name, kept):
    store = postgresql_store
    for dbid in (1, 2):
        one = event(dbid=dbid)
        write_down(store, "acme", parse_call(one), one, f"+38050555718{dbid}", MOMENT)
    lease = store.leases.take("acme", 60)
    rows = store.deliveries.claim("acme", lease, 75, 60)
    written = {"task": "00T", "records": [["Lead", "00Q", True, name]]}
    said = reasons.write.lead_found(name=name)
    results = [Result(one.id, CallState.DONE, said, written=written) for one in rows]
    assert store.deliveries.record("acme", lease, results, 2) == 2
    for key in ("1", "2"):
        row = store.journal.by_key("acme", key)
        assert row.state == CallState.DONE
        assert row.written["records"][0][3] == kept
        assert row.reason_params["name"] == kept
