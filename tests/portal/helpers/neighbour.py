"""An account next door with something of everything, to see that nobody else gets at it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table, false, select

from core.events import BadEvent
from core.models import CallKey, CallRow, CallState
from core.models.base import Base
from core.policy import LineRow, MissedCallRow, OwnField
from core.store import Store
from core.store.policies import Actor
from core.store.refused import HTTP, Refusal
from tests.portal.helpers.calls import hand_over, settle
from tests.portal.helpers.loops import opened
from tests.portal.helpers.orgs import ANNA, BOHDAN, edit, see

NAME = "next-door"
EMAIL, COLLEAGUE = "nina@next-door.example", "nestor@next-door.example"
INVITED = "newcomer@next-door.example"
LINE, EXCLUDED, CLIENT = "7777", "+380671234567", "380671112233"
ORG = "00D00000000007AAA"
REASON = "salesforce.refused"

MARKS = (
    "Next Door Ltd",
    "Nina Nachbar",
    COLLEAGUE,
    INVITED,
    "Invited next door",
    "Netscape next door",
    "reason next door",
    "line-next-door",
    "template next door",
    "org next door",
    "refusal next door",
    "+380 67 111 2233",
)
"""Stand on the account's own pages, and in nothing that a visitor from elsewhere sends."""


class Neighbour:
    """What an account has, by the names that its own pages send."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.accounts.create(NAME, "Next Door Ltd")
        self.person_id = _person(store, EMAIL, "Nina Nachbar", "owner")
        _person(store, COLLEAGUE, "Nestor Nachbar", "member")
        self.session = store.sessions.begin(self.person_id, "", "Netscape next door")
        store.links.make(self.person_id)
        store.accounts.issue_key(NAME)
        store.invitations.invite(NAME, INVITED, "member", called="Invited next door")
        _choose(store)
        self.call = _refused_call(store)
        staff = store.accounts.add_person("sasha@support.example", "Sasha", is_staff=True).id
        self.visit = store.visits.open(NAME, self.person_id, staff, "s", "reason next door").name
        refused = Refusal("refused next door", BadEvent("call.date", "is missing"))
        store.refused.add_all(NAME, HTTP, [refused])
        store.audit.note(NAME, Actor(self.person_id), "key.ended", {"ending": "next"})

    @property
    def account(self) -> dict[str, str]:
        """What stands for it in the addresses of its own pages."""
        found = self._store.accounts.get(NAME)
        assert found
        return {"account": found.public_name}

    @property
    def addressed(self) -> dict[str, str]:
        """What may stand in an address."""
        return {
            "account_id": NAME,
            "public_id": self.call.public_id,
            "row_id": self._store.policies.get(NAME).missed_calls[0].name,
            "change_id": self._store.policies.newest_change(NAME),
            "visit_id": self.visit,
            "event_id": self._store.refused.page(NAME, 1)[0].name,
            "line": LINE,
            "object_name": "Lead",
            "field": "Talk__c",
            "user_id": BOHDAN,
            "name": self._store.invitations.of(NAME)[0].name,
            "key_id": self._store.accounts.keys(NAME)[0].name,
            "section": "calls",
            "rest": self.call.public_id,
        }

    @property
    def carried(self) -> dict[str, str]:
        """What may stand in a form or behind the question mark."""
        change = self._store.policies.newest_change(NAME)
        return {
            "account": NAME,
            "after": self.call.public_id,
            "before": change,
            "call": self.call.public_id,
            "confirmed_org": ORG,
            "email": EMAIL,
            "events": self._store.audit.events(NAME, 1)[0].name,
            "expect": self.call.call_key,
            "invitation": self._store.invitations.of(NAME)[0].name,
            "key": self._store.accounts.keys(NAME)[0].name,
            "number": EXCLUDED,
            "person": EMAIL,
            "seen": change,
            "session": self.session,
            "undone": change,
            "visit": self.visit,
            "visits": self.visit,
        }

    def belongings(self) -> dict[str, list[Any]]:
        """All that the database holds of it, by table."""
        with self._store.database.read() as session:
            return {
                table.name: [*session.execute(select(table).where(self._own(table)))]
                for table in Base.metadata.sorted_tables
            }

    def _own(self, table: Table) -> ColumnElement[bool]:
        columns = table.c
        if table.name == "accounts":
            return columns.id == NAME
        if table.name == "people":
            return columns.id == self.person_id
        if "account_id" in columns:
            return columns.account_id == NAME
        if "person_id" in columns:
            return columns.person_id == self.person_id
        if "call_id" in columns:
            return columns.call_id.in_(select(CallKey.id).where(CallKey.account_id == NAME))
        return false()  # counters are nobody's


def _person(store: Store, email: str, name: str, role: str) -> int:
    person = store.accounts.add_person(email, name)
    store.accounts.join(NAME, person.id, role)
    return person.id


def _choose(store: Store) -> None:
    """Connected and switched on, with a row of every setting."""
    store.connections.connected(
        NAME,
        "access",
        "refresh",
        org_id=ORG,
        org_name="org next door",
        user_id=ANNA,
        user_name="",
        username="nina@org.example",
        instance_url="http://127.0.0.1:9",
    )
    see(store, account_id=NAME)
    edit(
        store,
        NAME,
        enabled=True,
        lines=(LineRow(line=LINE, user_id=ANNA),),
        missed_calls=(MissedCallRow(id=0, external_line="line-next-door", user_ids=(BOHDAN,)),),
        own_fields=(OwnField(object="Lead", field="Talk__c", template="template next door"),),
        excluded_numbers=(EXCLUDED,),
    )


def _refused_call(store: Store) -> CallRow:
    """Its client waits to be called back."""
    row = hand_over(store, NAME, 4711, **{"from": CLIENT, "outerNumber": "line-next-door"})
    why = {"message": "refusal next door", "code": "X"}
    opened(store, row)
    return settle(store, row, CallState.ATTENTION, REASON, why, unmapped_line="7776")
