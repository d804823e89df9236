"""What is to be done about a call, and why: data that `decide` makes and others carry out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.facts import NOTHING_LEARNT, Lessons
from core.loops import LoopChange
from core.reasons import Reason

Value = str | int | float | bool | None


class Outcome(StrEnum):
    WRITE = "write"
    SKIP = "skip"
    HOLD = "hold"
    """Kept until the connection is mended."""
    ALREADY = "already"
    """The Task is in Salesforce: an earlier write whose reply was lost."""


@dataclass(frozen=True)
class Ref:
    """Points at a record that an earlier step of the same graph creates."""

    step: str


@dataclass(frozen=True)
class Create:
    """Create one record. `step` is unique in the batch: letters, digits, underscore."""

    step: str
    object: str
    fields: Mapping[str, Value | Ref]
    own: frozenset[str] = frozenset()
    """Names of own fields among `fields`: these may be left out when Salesforce refuses them."""
    beside: bool = False
    """The call can do without it: when it is refused, it is not made."""


@dataclass(frozen=True)
class Update:
    step: str
    object: str
    id: str | Ref
    """A record that exists, or one that an earlier call of the same graph creates."""
    fields: Mapping[str, Value | Ref]
    own: frozenset[str] = frozenset()
    is_last: bool = False
    """After all else of the graph: it gives a new record to its owner, and we lose sight of it."""
    beside: bool = False
    """The call can do without it: when it is refused, the record is left as it is."""


Step = Create | Update


@dataclass(frozen=True)
class Plan:
    """One call's plan. Plans with the same `number` share one graph, in the order given."""

    call_id: int
    call_key: str
    outcome: Outcome
    reason: Reason
    number: str = ""
    """The client number in E.164; empty when there is none."""
    trace: tuple[Reason, ...] = ()
    """What was changed when the call came in, then every branch taken, in order."""
    steps: tuple[Step, ...] = ()
    """In the order of writing, but for updates that are `is_last`; the last one creates the
    Task, where it is not there already."""
    who: str | Ref = ""
    """The lead or contact the call is logged on: its id, or the step that creates it."""
    task_id: str = ""
    """The Task found: with ALREADY, and with WRITE where it is to be changed."""
    turn_of: int = 0
    """Id of the missed-call row whose turn this plan takes; 0 = none."""
    look_until: datetime | None = None
    """With SKIP: until when the number is looked for again."""
    loop: tuple[LoopChange, ...] = ()
    """What it does to its client number's loop, in this order."""
    unmapped_line: str = ""
    """A line that is in no row of the table, to be offered on the page."""


class Verdict(StrEnum):
    """What became of a plan in Salesforce."""

    DONE = "done"
    AGAIN = "again"
    """Something was learnt; plan and write again at once."""
    LATER = "later"
    """Transient; with growing pauses."""
    ATTENTION = "attention"
    """Only a person can mend it; `error` has Salesforce's own words."""


@dataclass(frozen=True)
class Written:
    """A record that this write created or updated."""

    object: str
    id: str
    created: bool


@dataclass(frozen=True)
class Receipt:
    """What Salesforce answered to one plan."""

    call_id: int
    verdict: Verdict
    task_id: str = ""
    records: tuple[Written, ...] = ()
    """One for each step; none with DONE when Salesforce had the call already."""
    reason: Reason | None = None
    """Why not DONE; None with DONE."""
    lessons: Lessons = NOTHING_LEARNT
    """What to know at the next attempt."""
    pause: int = 0
    """Seconds for which the whole org has to wait; 0 = it need not."""
    unanswered: bool = False
    """With LATER or AGAIN: whether Salesforce has the call is unknown."""
    otherwise: bool = False
    """With AGAIN: the org no longer is as it was described."""
