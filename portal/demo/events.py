"""Events as telephony would send them, for the demo: one of each kind."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

KINDS = ("incoming", "missed", "outgoing", "internal", "withheld")
KYIV = ZoneInfo("Europe/Kyiv")
EMPLOYEE, COLLEAGUE = "101", "102"
EXTERNAL_LINE = "380443334455"

Event = dict[str, Any]


def demo_event(kind: str, number: str = "") -> Event:
    """A CALL_END of that kind, just over.

    Args:
        number: the client's; empty = a new one that nobody has.
    """
    client = number or f"38067{secrets.randbelow(10**7):07d}"
    key = secrets.randbelow(10**9) + 10**9
    call: Event = {
        "id": secrets.randbelow(10**7),
        "dbid": key,
        "outerNumber": EXTERNAL_LINE,
        "date": datetime.now(KYIV).strftime("%Y-%m-%d %H:%M:%S"),
        "lastGroupName": "Sales",
        "source": "REGULAR",
        **_KINDS[kind](client),
    }
    if call["state"] == "ANSWER":
        call["link"] = f"https://records.unitalk.example/{key}.mp3"
    return {"event": "CALL_END", "call": call}


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
