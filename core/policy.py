"""What the customer chose: one frozen, typed value, with the manual's defaults."""

from __future__ import annotations

from enum import StrEnum
from typing import get_origin
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from core.call import Call
from core.clock import started
from core.kinds import Grid, Kind, KindRow, kind_of
from core.objects import CONTACT, LEAD, fields_of
from core.same_text import folded
from core.working import Span, WorkingHours

PHONE_FIELDS: tuple[str, ...] = (
    *fields_of(LEAD, "Phone", "MobilePhone"),
    *fields_of(CONTACT, "Phone", "MobilePhone", "HomePhone", "OtherPhone", "AssistantPhone"),
)
"""The phone fields searched by default, as `Object.Field`. `Fax` is offered but not searched."""


class Mode(StrEnum):
    LEADS = "leads"
    CONTACTS = "contacts"
    OPPORTUNITIES = "opportunities"
    """Contacts and opportunities."""


class ConvertedLead(StrEnum):
    CREATE = "create"
    IGNORE = "ignore"


EACH_ITS_OWN = "each"
"""Instead of an account's id: each new contact gets an account of its own."""


class ClosedOpportunity(StrEnum):
    CREATE = "create"
    REOPEN = "reopen"


class Overdue(StrEnum):
    """What becomes of a missed call that nobody called back in time."""

    NOTHING = "nothing"
    HAND_OVER = "hand_over"
    """The Task goes to the next in turn, else to the default responsible, once."""


class When(StrEnum):
    """When an own field is filled."""

    CREATE = "create"
    EVERY_CALL = "every_call"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Hours(StrEnum):
    """When a row of the missed-calls table holds."""

    ALWAYS = "always"
    WORKING = "working"
    OUTSIDE = "outside"


class MissedCallRow(_Frozen):
    """Who answers for calls missed on an external line; several users take turns."""

    id: int
    """0 = a new row."""
    name: str = ""
    """What stands for the row in addresses; the store gives it."""
    external_line: str = ""
    """Empty means any external line."""
    hours: Hours = Hours.ALWAYS
    user_ids: tuple[str, ...]
    turn: int = 0
    """How many turns were taken so far; `user_ids[turn % len(user_ids)]` is next."""

    @property
    def key(self) -> str:
        """A line break stands in no line's name."""
        hours = () if self.hours is Hours.ALWAYS else (self.hours,)
        return "\n".join((self.external_line, *hours))


class LineRow(_Frozen):
    """An employee's internal SIP line and the Salesforce user behind it."""

    line: str
    user_id: str

    @property
    def key(self) -> str:
        return self.line


class OwnField(_Frozen):
    """A field of the customer's own to fill, e.g. `Lead.Source_Line__c` = `{external_line}`."""

    object: str
    """`Lead`, `Contact`, `Opportunity` or `Task`."""
    field: str
    template: str
    when: When = When.CREATE

    @property
    def name(self) -> str:
        return f"{self.object}.{self.field}"

    @property
    def key(self) -> str:
        return self.name


Row = MissedCallRow | LineRow | OwnField | KindRow | Span | str
"""Of a setting that is a list."""


def key_of(row: Row) -> str:
    """What names a row: its list has no other with this key."""
    return row if isinstance(row, str) else row.key


class Policy(_Frozen):
    """Everything a customer can choose. The defaults are the manual's."""

    enabled: bool = False
    mode: Mode = Mode.LEADS
    converted_lead: ConvertedLead = ConvertedLead.CREATE
    known_contact_first: bool = False
    contact_account_id: str = ""
    """Under which account new contacts go: its id, or EACH_ITS_OWN; empty = under none."""
    closed_opportunity: ClosedOpportunity = ClosedOpportunity.CREATE
    open_stage: str = ""
    """Stage of new and reopened opportunities; empty = the org's first open stage."""
    close_in_days: int = 30
    opportunity_name: str = "{client_number} {date}"
    create_on_outgoing: bool = False
    """What outgoing calls do with unknown clients, where `kinds` does not say otherwise."""
    kinds: tuple[KindRow, ...] = ()
    """Only what differs from the usual."""
    working_hours: tuple[Span, ...] = ()
    """Without any it is always working time."""
    days_off: tuple[str, ...] = ()
    """ISO dates."""
    missed_calls: tuple[MissedCallRow, ...] = ()
    missed_task_due_minutes: int = 60
    overdue: Overdue = Overdue.NOTHING
    tell_owner: bool = False
    """Whether an owner gets a Task when a colleague answered the client."""
    find_later: bool = True
    """Whether a call to an unknown number is looked for again for a day."""
    lines: tuple[LineRow, ...] = ()
    default_responsible: str = ""
    """A Salesforce user id; empty = the user who connected."""
    own_fields: tuple[OwnField, ...] = ()
    excluded_numbers: tuple[str, ...] = ()
    phone_fields: tuple[str, ...] = PHONE_FIELDS
    region: str = "UA"
    time_zone: str = "Europe/Kyiv"
    language: str = "ru"

    @property
    def grid(self) -> Grid:
        """What each kind of call does."""
        return Grid(self.create_on_outgoing, self.kinds)

    def with_grid(self, grid: Grid) -> Policy:
        chosen = {"create_on_outgoing": grid.create_on_outgoing, "kinds": grid.rows}
        return self.model_copy(update=chosen)

    @property
    def hours(self) -> WorkingHours:
        return WorkingHours(self.working_hours, self.days_off, self.zone)

    def kind_of(self, call: Call) -> Kind:
        return kind_of(call, working=self.hours.includes(started(call, self.zone)))

    @property
    def searched_objects(self) -> tuple[str, ...]:
        """Whose numbers are looked for."""
        if self.mode is not Mode.LEADS:
            return (CONTACT,)
        return (LEAD, CONTACT) if self.known_contact_first else (LEAD,)

    def phone_fields_of(self, object_name: str) -> tuple[str, ...]:
        """Names of an object's searched fields. Where none is chosen the default ones are, for
        without any a new record would be made of each call."""
        return _of_object(object_name, self.phone_fields) or _of_object(object_name, PHONE_FIELDS)

    def user_of_line(self, line: str) -> str:
        """Id of the user behind an internal line, the nearest spelling first; empty = nobody."""
        wanted = folded(line)
        alike = [row for row in self.lines if folded(row.line) == wanted]
        return next((row.user_id for row in sorted(alike, key=lambda row: row.line != line)), "")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def _of_object(object_name: str, names: tuple[str, ...]) -> tuple[str, ...]:
    parted = (one.partition(".") for one in names)
    return tuple(name for owner, _, name in parted if owner == object_name)


LISTS = frozenset(
    name for name, field in Policy.model_fields.items() if get_origin(field.annotation) is tuple
)
"""The settings that are lists of rows."""
