"""Events as telephony would send them, for the demo: one of each kind, and a day of them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

KINDS = ("incoming", "missed", "outgoing", "internal", "withheld")
DAY = "day"
"""A few hours of calls: some clients still wait to be called back, two of them too long."""
_DAY = (
    ("missed", "first", 310),
    ("incoming", "first", 290),
    ("missed", "second", 190),
    ("missed", "third", 150),
    ("outgoing", "third", 130),
    ("missed", "second", 120),
    ("missed", "fourth", 95),
    ("missed", "fifth", 15),
)
"""Kind, whose call, so many minutes ago. A missed call is due an hour after it, if nobody changed
that."""
KYIV = ZoneInfo("Europe/Kyiv")
EMPLOYEE, COLLEAGUE = "101", "102"
EXTERNAL_LINE = "380443334455"

Event = dict[str, Any]


def demo_events(kind: str, number: str = "") -> list[Event]:
    """One call of that kind, or those of DAY, in their order; `number` as in `demo_event`."""
    if kind != DAY:
        return [demo_event(kind, number)]
    clients = {name: _new_number() for _, name, _ in _DAY}
    return [demo_event(kind, clients[name], ago) for kind, name, ago in _DAY]


def demo_event(kind: str, number: str = "", ago: int = 0) -> Event:
    """A CALL_END of that kind.

    Args:
        number: the client's; empty = a new one that nobody has.
        ago: minutes since it began.
    """
    client = number or _new_number()
    key = secrets.randbelow(10**9) + 10**9
    call: Event = {
        "id": secrets.randbelow(10**7),
        "dbid": key,
        "outerNumber": EXTERNAL_LINE,
        "date": (datetime.now(KYIV) - timedelta(minutes=ago)).strftime("%Y-%m-%d %H:%M:%S"),
        "lastGroupName": "Sales",
        "source": "REGULAR",
        **_KINDS[kind](client),
    }
    if call["state"] == "ANSWER":
        call["link"] = f"https://records.unitalk.example/{key}.mp3"
    return {"event": "CALL_END", "call": call}


def _new_number() -> str:
    return f"38067{secrets.randbelow(10**7):07d}"


def call_key(event: Event) -> str:
    return str(event["call"]["dbid"])


def _incoming(client: str) -> Event:
    return {"from": client, "to": [EMPLOYEE], "direction": "IN", **_answered(11, 84)}


def _missed(client: str) -> Event:
    return {"from": client, "to": [EMPLOYEE, COLLEAGUE], "direction": "IN", **_unanswered(27)}


def _outgoing(client: str) -> Event:
    return {"from": EMPLOYEE, "to": [client], "direction": "OUT", **_answered(8, 131)}


def _internal(_client: str) -> Event:
    return {"from": EMPLOYEE, "to": [COLLEAGUE], "direction": "INNER", **_answered(3, 42)}


def _withheld(_client: str) -> Event:
    return {"from": "anonymous", "to": [EMPLOYEE], "direction": "IN", **_answered(9, 15)}


def _answered(ringing: int, talk: int) -> Event:
    return {"state": "ANSWER", "secondsFullTime": ringing + talk, "secondsTalk": talk, "cause": 16}


def _unanswered(ringing: int) -> Event:
    return {"state": "NOANSWER", "secondsFullTime": ringing, "secondsTalk": 0, "cause": 19}


_KINDS: dict[str, Callable[[str], Event]] = {
    "incoming": _incoming,
    "missed": _missed,
    "outgoing": _outgoing,
    "internal": _internal,
    "withheld": _withheld,
}
