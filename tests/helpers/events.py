"""Telephony's events, as its API reference shows them."""

from typing import Any

CLIENT = "380505557182"
OUTER = "380444900123"


def event(**changes: Any) -> dict[str, Any]:
    """A finished, answered, incoming call; `changes` replace fields of its `call`."""
    call = {
        "id": 1091944,
        "dbid": 275,
        "from": CLIENT,
        "to": ["2000"],
        "lastGroupName": "Sales managers",
        "outerNumber": OUTER,
        "direction": "IN",
        "date": "2026-07-09 16:58:52",
        "secondsFullTime": 19,
        "secondsTalk": 9,
        "callback": False,
        "state": "ANSWER",
        "source": "REGULAR",
        "link": "https://api.unitalk.cloud:8443/tracking/rec/275",
        "cause": 16,
    }
    return {"event": "CALL_END", "call": {**call, **changes}}


def missed(**changes: Any) -> dict[str, Any]:
    return event(state="NOANSWER", to=[], secondsTalk=0, link=None, **changes)


def outgoing(**changes: Any) -> dict[str, Any]:
    return event(**{"from": "2000", "to": [CLIENT], "direction": "OUT", **changes})


def internal(**changes: Any) -> dict[str, Any]:
    return event(**{"from": "2000", "to": ["2001"], "direction": "INNER", **changes})
