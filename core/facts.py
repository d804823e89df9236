"""What Salesforce holds for a batch of calls, and what earlier attempts taught us."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property

from core.call import Call
from core.objects import CALL_KEY, OF_PACKAGE, TASK, without_namespace


@dataclass(frozen=True)
class Lessons:
    """What refused attempts at a call taught; stored with the call, read by `decide`."""

    leave_out: frozenset[str] = frozenset()
    """Fields Salesforce would not take, whatever the value, as `Object.Field`."""
    leave_out_own: frozenset[str] = frozenset()
    """Own fields whose value Salesforce would not take; our own value may stand there instead."""
    use: frozenset[str] = frozenset()
    """Ids of existing records that a duplicate rule told us to use."""
    avoid: frozenset[str] = frozenset()
    """Ids of records that turned out deleted, converted or closed to us; of records that a batch
    creates, their steps."""
    not_owner: frozenset[str] = frozenset()
    """Ids of users who may not own records (inactive)."""
    lost_sight: frozenset[str] = frozenset()
    """Fields, as `Object.Field`, that could not refer to a record which we had just created for
    somebody else: in this org we do not see what is another's."""

    def __or__(self, other: Lessons) -> Lessons:
        """What both taught."""
        return Lessons(**{name: known | getattr(other, name) for name, known in vars(self).items()})


NOTHING_LEARNT = Lessons()


@dataclass(frozen=True)
class WaitingCall:
    """A call taken from the ledger, with what is already known about it."""

    id: int
    """Primary key in the ledger."""
    call: Call
    number: str
    """The client number in E.164, made once, at intake; empty when what came is none."""
    lessons: Lessons = NOTHING_LEARNT
    attempts: int = 0
    unsure: bool = False
    """An earlier write had no answer: it may be in Salesforce already."""
    was_unknown: bool = False
    """It was skipped, as nobody had the number; looked for since, it was found."""


@dataclass(frozen=True)
class Opportunity:
    id: str
    name: str
    stage: str
    is_closed: bool
    close_date: date
    owner_id: str
    modified_at: datetime


@dataclass(frozen=True)
class Lead:
    id: str
    name: str
    numbers: tuple[str, ...]
    """Every phone the record holds in the searched fields, as typed."""
    owner_id: str
    modified_at: datetime
    owner_active: bool = True
    """False for an inactive user; queues count as active owners of leads."""
    is_converted: bool = False
    converted_contact_id: str = ""
    converted_account_id: str = ""
    converted_opportunity_id: str = ""
    key: str = ""
    """`UniTalk_Key__c`; empty without the package."""


@dataclass(frozen=True)
class Contact:
    id: str
    name: str
    numbers: tuple[str, ...]
    owner_id: str
    modified_at: datetime
    owner_active: bool = True
    account_id: str = ""
    is_person_account: bool = False
    opportunities: tuple[Opportunity, ...] = ()
    """Through contact roles; for a person account, the account's."""
    key: str = ""
    loose_calls: tuple[str, ...] = ()
    """Ids of Tasks that we wrote lately and that hang on no other record, newest first."""


@dataclass(frozen=True)
class User:
    id: str
    name: str
    email: str = ""
    is_active: bool = True


@dataclass(frozen=True)
class Stage:
    """A row of `OpportunityStage`, in `SortOrder`."""

    name: str
    label: str
    is_closed: bool


@dataclass(frozen=True)
class FieldInfo:
    """A field from the org's describe, with what a value must satisfy."""

    name: str
    label: str
    type: str
    """Salesforce's type: string, textarea, phone, url, email, picklist, multipicklist, combobox,
    boolean, int, double, currency, percent, date, datetime, reference, id…"""
    length: int = 0
    scale: int = 0
    digits: int = 0
    precision: int = 0
    createable: bool = True
    updateable: bool = True
    filterable: bool = True
    """False for what Shield encrypts: no query can ask for its value."""
    required: bool = False
    """Must be sent on create: createable, not nillable, not defaulted on create."""
    restricted: bool = False
    picklist: tuple[str, ...] = ()
    """Active values of a picklist, by their API names."""
    labels: tuple[tuple[str, str], ...] = ()
    """Label and API name of each active value that is labelled otherwise."""


Fields = Mapping[str, FieldInfo]


MOST_USERS = 2000
"""So many users are read of an org: one page of a query."""


@dataclass(frozen=True)
class OrgShape:
    """What an org looks like: read seldom, kept between calls. Knows no client's data."""

    fields: Mapping[str, Fields]
    """By object: Lead, Contact, Opportunity, Task → by field name. A missing field is one the
    connected user cannot see."""
    stages: tuple[Stage, ...] = ()
    closed_task_status: str = "Completed"
    open_task_status: str = "Not Started"
    users: Mapping[str, User] = field(default_factory=dict)
    """Standard users by id, inactive ones among them; no more than MOST_USERS."""

    @property
    def shows_all_users(self) -> bool:
        """Whether a user who is not among `users` does not exist: not so in an org that shows us
        nobody but ourselves, or has more than were read."""
        return 1 < len(self.users) < MOST_USERS

    def has(self, object_name: str, field_name: str) -> bool:
        return field_name in self.fields.get(object_name, {})

    def can_search(self, object_name: str, field_name: str) -> bool:
        info = self.fields.get(object_name, {}).get(field_name)
        return info is not None and info.filterable

    def without_searching(self, names: Collection[str]) -> OrgShape:
        """The same org, where no query may ask for these fields (`Object.Field`)."""

        def one(object_name: str, info: FieldInfo) -> FieldInfo:
            refused = f"{object_name}.{info.name}" in names
            return replace(info, filterable=False) if refused else info

        fields = {
            object_name: {name: one(object_name, info) for name, info in known.items()}
            for object_name, known in self.fields.items()
        }
        return replace(self, fields=fields)

    def without(self, names: Collection[str]) -> OrgShape:
        """The same org, where these fields (`Object.Field`) are not there for us."""
        fields = {
            object_name: {
                name: info for name, info in known.items() if f"{object_name}.{name}" not in names
            }
            for object_name, known in self.fields.items()
        }
        return replace(self, fields=fields)

    @cached_property
    def namespace(self) -> str:
        """That of our package, where it came as a managed one."""
        names = (name for known in self.fields.values() for name in known)
        ours = (name for name in names if without_namespace(name) != name)
        return next((name.removesuffix(f"__{without_namespace(name)}") for name in ours), "")

    def named(self, field_name: str) -> str:
        """What this org calls a field: those of our package may carry a namespace."""
        spaced = self.namespace and field_name in OF_PACKAGE
        return f"{self.namespace}__{field_name}" if spaced else field_name

    @property
    def package_installed(self) -> bool:
        """Whether the Task carries our unique external id."""
        return self.has(TASK, self.named(CALL_KEY))

    @property
    def call_keys(self) -> tuple[str, ...]:
        """The Task's fields that may be searched for a call's key: two where our package is there
        once with a namespace and once without."""
        known = self.fields.get(TASK, {})
        ours = (name for name in known if without_namespace(name) == CALL_KEY)
        return tuple(name for name in ours if known[name].filterable)

    @property
    def takes_call_key(self) -> bool:
        """Whether we may also write it."""
        return self.package_installed and self.fields[TASK][self.named(CALL_KEY)].createable


@dataclass(frozen=True)
class LoopTask:
    """The Task of an open loop, as Salesforce has it."""

    subject: str
    description: str
    owner_id: str
    is_closed: bool = False
    changed_by: str = ""
    """Id of the user who changed it last."""


@dataclass(frozen=True)
class OpenLoop:
    """A missed call that waits for somebody to call back, as the ledger has it."""

    task_id: str
    missed_at: datetime
    """When the first missed call began, with a zone."""
    times: int = 1
    """Missed calls so far."""
    task: LoopTask | None = None
    """None = Salesforce shows it no more."""
    last_missed_at: datetime | None = None
    """When the newest of several began; None = the first."""


LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Facts:
    """Everything `decide` may know besides the calls and the policy."""

    shape: OrgShape
    connected_user_id: str
    leads: tuple[Lead, ...] = ()
    contacts: tuple[Contact, ...] = ()
    tasks: Mapping[str, str] = field(default_factory=dict)
    """Ids of Tasks that already carry one of the calls' keys, by call key."""
    open_tasks: Mapping[str, str] = field(default_factory=dict)
    """Of those Tasks the ones that are open, by id: the owner's id."""
    loops: Mapping[str, OpenLoop] = field(default_factory=dict)
    """By client number (E.164)."""
    spoken: Mapping[str, tuple[Call, ...]] = field(default_factory=dict)
    """By client number (E.164), oldest first: talks that are written, where the batch has a missed
    call, which may have been missed before one."""
    remembered: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By client number (E.164): ids of leads and contacts that we created for it. They count as
    matches as long as they are among `leads` and `contacts` and show no other number."""
    seen_lines: tuple[str, ...] = ()
    """External lines of the account's other calls, numbers and site names."""
    today: date = date.min
    """The date in the account's time zone."""
    now: datetime = LONG_AGO
    """When Salesforce was asked."""

    @property
    def people(self) -> tuple[Lead | Contact, ...]:
        return (*self.leads, *self.contacts)
