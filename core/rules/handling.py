"""One call on its way through the rules, and the batch it shares with its neighbours."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from core import reasons
from core.call import Call
from core.facts import Contact, Facts, Lead, Lessons, Opportunity, WaitingCall
from core.kinds import Kind, Unknown
from core.loops import LoopChange, Missed
from core.objects import CONTACT, LEAD
from core.own_fields import variables
from core.plan import Create, Outcome, Plan, Ref, Step, Update, Value
from core.policy import Policy
from core.reasons import Reason


@dataclass(frozen=True)
class Person:
    """The lead or contact a call is logged on: in Salesforce already, or about to be."""

    object: str
    id: str | Ref
    name: str
    owner_id: str = ""
    owner_active: bool = True
    account_id: str | Ref = ""
    is_person_account: bool = False
    opportunities: tuple[Opportunity, ...] = ()
    loose_calls: tuple[str, ...] = ()
    converted_opportunity_id: str = ""
    """Where the call goes besides, when a converted lead sent it to its contact."""


@dataclass(frozen=True)
class Skipped:
    """Nothing is written, and why."""

    reason: Reason


@dataclass(frozen=True)
class Opened:
    """An opportunity that an earlier call of the batch creates or reopens."""

    id: str | Ref
    name: str


@dataclass(frozen=True)
class Loop:
    """A missed call of the client that waits to be called back, as this call finds it."""

    task: str | Ref
    missed_at: datetime
    last_missed_at: datetime
    times: int
    subject: str
    description: str
    owner_id: str
    graph: str = ""
    """Of a Task that this batch creates: the transaction that does."""


@dataclass
class Earlier:
    """What earlier calls of the batch did, so that later ones join them: the fold."""

    people: dict[str, Person] = field(default_factory=dict)
    """By client number: whom an earlier call created, or was told to use."""
    opened: dict[str | Ref, Opened] = field(default_factory=dict)
    """By contact."""
    filled: dict[Ref, dict[str, Value | Ref]] = field(default_factory=dict)
    """What the records that the batch creates hold so far."""
    joined: set[str | Ref] = field(default_factory=set)
    """Contacts whose earlier calls have joined an opportunity."""
    loose: dict[tuple[str, str | Ref], list[Ref]] = field(default_factory=dict)
    """By transaction and contact: Tasks of this batch that hang on the contact alone."""
    graphs: dict[str | Ref, str] = field(default_factory=dict)
    """By contact: the transaction that its calls share, whichever of its numbers they have."""
    loops: dict[str, Loop | None] = field(default_factory=dict)
    """By client number, as left by the batch so far; None = nobody waits."""
    spoken: dict[str, list[Call]] = field(default_factory=dict)
    """By client number: talks."""
    turns: dict[int, int] = field(default_factory=dict)
    """By missed-call row: turns taken in this batch."""


@dataclass
class Handling:
    """A call, everything known about it, and what its branches have said so far."""

    waiting: WaitingCall
    policy: Policy
    facts: Facts
    earlier: Earlier
    trace: list[Reason] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    graph: str = ""
    """The number whose transaction this call shares; empty = its own."""
    responsible: str | None = None
    """Who answers for this missed call; empty = nobody in the table, None = not asked yet."""
    loop: Loop | None = None
    """The client's earlier missed call, if it still waits."""
    talk: Call | None = None
    """With whom a missed call's client has spoken since: it is told late."""
    loop_changes: list[LoopChange] = field(default_factory=list)
    due: datetime | None = None
    """Of a Task that stays open."""
    turn_of: int = 0
    unmapped_line: str = ""

    @property
    def call(self) -> Call:
        return self.waiting.call

    @property
    def number(self) -> str:
        """The client number in E.164."""
        return self.waiting.number

    @property
    def lessons(self) -> Lessons:
        return self.waiting.lessons

    @property
    def transaction(self) -> str:
        """The number that names the graph which this call is written in."""
        return self.graph or self.number

    def avoids(self, record: str | Ref) -> bool:
        """Whether Salesforce refused to change it: a record that is there, or a step's."""
        return (record.step if isinstance(record, Ref) else record) in self.lessons.avoid

    def linkable(self, record_id: str | Ref) -> str | Ref:
        """The record to link to; empty when Salesforce refused it. An id may come in its short
        form of 15 characters."""
        if isinstance(record_id, Ref):
            return record_id
        refused = any(one[:15] == record_id[:15] for one in self.lessons.avoid)
        return "" if refused else record_id

    @cached_property
    def kind(self) -> Kind:
        return self.policy.kind_of(self.call)

    @property
    def may_create(self) -> bool:
        """Whether calls of this kind create and reopen records."""
        return self.policy.grid.unknown(self.kind) is Unknown.CREATE

    @cached_property
    def variables(self) -> dict[str, str]:
        """The call's variables, for own fields and names."""
        return variables(self.call, self.number, self.policy, self.facts, self._missed)

    def __post_init__(self) -> None:
        known = self.facts.loops.get(self.number)
        waits = known if known and known.task and not known.task.is_closed else None
        before = self.earlier.loops.get(self.number, waits)
        self._missed = Missed(before.missed_at, before.times) if before else None

    def say(self, reason: Reason) -> None:
        """A branch was taken; a repeated one is told once."""
        if reason not in self.trace:
            self.trace.append(reason)

    def create(self, step: Create) -> Ref:
        """Have a record created, one that later calls of the batch may join."""
        owner, ours = step.fields.get("OwnerId"), self.facts.connected_user_id
        # A lead without an owner of ours is the org's assignment rule's to give away.
        may_go = owner or step.object == LEAD
        if self.lessons.lost_sight and ours and may_go and owner != ours:
            step = replace(step, fields={**step.fields, "OwnerId": ours})
            if owner:
                self._give(step, owner)
        self.steps.append(step)
        self.earlier.filled[Ref(step.step)] = dict(step.fields)
        return Ref(step.step)

    def _give(self, new: Create, owner: Value | Ref) -> None:
        """Once nothing refers to it any more. The newest first: whoever has given away an account
        may change its contacts no more."""
        name = f"give_{new.step}"
        update = Update(name, new.object, Ref(new.step), {"OwnerId": owner}, is_last=True)
        self.steps.insert(0, update)
        self.say(reasons.owner.given_last())

    def update(self, step: Update) -> None:
        self.steps.append(step)
        if isinstance(step.id, Ref):
            self.earlier.filled[step.id].update(step.fields)

    def has_created(self, record: str | Ref) -> bool:
        """Whether it is this call that creates the record, not an earlier one."""
        return any(Ref(step.step) == record for step in self.steps)

    def step_name(self, what: str) -> str:
        return f"{what}_{self.waiting.id}"

    def already(self, task_id: str) -> Plan:
        """Its Task is there; what else is to be changed is written even so."""
        steps = tuple(self.steps)
        outcome = Outcome.WRITE if steps else Outcome.ALREADY
        return self._plan(outcome, reasons.already.written(), steps=steps, task_id=task_id)

    def skip(self, reason: Reason, look_until: datetime | None = None) -> Plan:
        return self._plan(Outcome.SKIP, reason, look_until=look_until)

    def write(self, reason: Reason, who: str | Ref) -> Plan:
        return self._plan(
            Outcome.WRITE,
            reason,
            steps=tuple(self.steps),
            who=who,
            turn_of=self.turn_of,
            unmapped_line=self.unmapped_line,
        )

    def _plan(self, outcome: Outcome, reason: Reason, **more: object) -> Plan:
        return Plan(
            call_id=self.waiting.id,
            call_key=self.call.key,
            outcome=outcome,
            reason=reason,
            number=self.transaction,
            trace=tuple(self.trace),
            loop=tuple(self.loop_changes),
            **more,  # type: ignore[arg-type]
        )


def from_lead(lead: Lead) -> Person:
    return Person(LEAD, lead.id, lead.name, lead.owner_id, lead.owner_active)


def from_contact(contact: Contact) -> Person:
    return Person(
        CONTACT,
        contact.id,
        contact.name,
        contact.owner_id,
        contact.owner_active,
        contact.account_id,
        contact.is_person_account,
        contact.opportunities,
        contact.loose_calls,
    )
