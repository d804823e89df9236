"""What a person asks of the journal, from the address of the page to the store's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import request

from core.call import Direction
from core.clock import midnight
from core.models import UNFINISHED, CallState
from core.phone import client_number
from core.store.journal import Wanted
from core.store.places import Place

STATES: dict[str, tuple[CallState, ...]] = {
    "waiting": UNFINISHED,
    "held": (CallState.HELD,),
    "attention": (CallState.ATTENTION,),
    "done": (CallState.DONE,),
    "skipped": (CallState.SKIPPED,),
}
DIRECTIONS: dict[str, tuple[str, bool | None]] = {
    "incoming": (Direction.IN, None),
    "missed": (Direction.IN, False),
    "outgoing": (Direction.OUT, None),
    "internal": (Direction.INNER, None),
}


@dataclass(frozen=True)
class Filter:
    wanted: Wanted = field(default_factory=Wanted)
    query: dict[str, str] = field(default_factory=dict)
    """What stood in the form, without what was left empty or made no sense."""
    expect: str = ""
    """A call key that is on its way here."""


def read_filter(here: Place) -> Filter:
    """From the query of this request. What makes no sense is left out."""
    given = request.args
    state, direction = given.get("state", ""), given.get("direction", "")
    number = given.get("number", "").strip()[:64]
    since, until = _day(given.get("since", "")), _day(given.get("until", ""))
    way, answered = DIRECTIONS.get(direction, ("", None))
    wanted = Wanted(
        states=STATES.get(state, ()),
        direction=way,
        answered=answered,
        numbers=_numbers(number, here.region),
        since=midnight(since, here.zone) if since else None,
        until=midnight(until + timedelta(days=1), here.zone) if until else None,
    )
    query = {
        "state": state if state in STATES else "",
        "direction": direction if direction in DIRECTIONS else "",
        "number": number,
        "since": since.isoformat() if since else "",
        "until": until.isoformat() if until else "",
        "expect": given.get("expect", "")[:64],
    }
    kept = {name: value for name, value in query.items() if value}
    return Filter(wanted, kept, query["expect"])


def _numbers(typed: str, region: str) -> tuple[str, ...]:
    """The number as the ledger has it: in its one form, and as telephony may have sent it."""
    if not typed:
        return ()
    return tuple(dict.fromkeys((client_number(typed, region), typed)))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None
