"""How a test call went: what its row of `checks` keeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from core.reasons import Reason
from core.test_call.call import Kind

TEST_CALL: Literal["test_call"] = "test_call"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Field(_Frozen):
    """One field of a record: what was written and what stands there."""

    name: str
    label: str
    type: str
    """Salesforce's."""
    sent: Any = None
    """None of an owner that was left to Salesforce."""
    new: str = ""
    """The object whose new record it points at."""
    found: Any = None
    is_same: bool = True
    """False only of a field that was read back and holds something else."""


class Record(_Frozen):
    """What a step of the plan creates."""

    object: str
    id: str = ""
    """Empty as long as it was not written."""
    fields: tuple[Field, ...]
    is_read: bool = False
    """Whether the fields tell what stands there."""
    trouble: Reason | None = None
    """Why it could not be read back."""


class Left(_Frozen):
    """A record of a test call that stands in the org still."""

    object: str
    id: str
    why: Reason | None = None
    """Why Salesforce would not have it removed; None while that was not tried."""


class Report(_Frozen):
    """A test call as far as it went."""

    kind: Kind = Kind.ANSWERED
    made_at: datetime | None = None
    org_id: str = ""
    change: str = ""
    """The newest change of the settings that it was made by."""
    key: str = ""
    """The call's, by which its Task is found again."""
    number: str = ""
    mark: str = ""
    """What the names of its records begin with."""
    outcome: str = ""
    """A `core.plan.Outcome`; empty when there was no decision."""
    reason: Reason | None = None
    trace: tuple[Reason, ...] = ()
    refusals: tuple[Reason, ...] = ()
    """What Salesforce would not take on the way, in its words."""
    trouble: Reason | None = None
    """Why the call was not written."""
    removal: Reason | None = None
    """Why Salesforce could not be asked to remove what is left."""
    existing: str = ""
    """Id of the customer's record that it would have been written on."""
    records: tuple[Record, ...] = ()
    sent_at: datetime | None = None
    """When a write was sent last."""
    unsure: bool = False
    """Whether that write was carried out is not known."""
    left: tuple[Left, ...] = ()
    """Of this test call and of earlier ones."""

    @property
    def is_written(self) -> bool:
        return any(one.id for one in self.records)


def read_report(kept: Any) -> Report:
    """As `checks` kept it; an empty one of what another version wrote."""
    try:
        return Report.model_validate(kept)
    except ValueError:
        return Report()
