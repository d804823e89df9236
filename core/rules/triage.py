"""Calls that need no Salesforce (rules T3 to T6)."""

from __future__ import annotations

from core import phone
from core.call import Call, Direction
from core.facts import WaitingCall
from core.plan import Outcome, Plan, Reason
from core.policy import Policy


def triage(waiting: WaitingCall, policy: Policy, connection_state: str) -> Plan | None:
    """A plan for a call that is skipped or held; None when Salesforce has to be asked.

    `connection_state` is a `core.connection.ConnectionState`: with `none` calls are skipped,
    with `dead` held until somebody reconnects. A call that would be skipped anyway is not held.
    """
    number = phone.e164(waiting.call.client_number, policy.region) or ""
    outcome = Outcome.SKIP
    reason = _off(policy, connection_state) or _not_for_salesforce(waiting.call, number, policy)
    if reason is None and connection_state == "dead":
        outcome, reason = Outcome.HOLD, Reason("hold.connection_dead")
    if reason is None:
        return None
    return Plan(waiting.id, waiting.call.key, outcome, reason, number)


def _off(policy: Policy, connection_state: str) -> Reason | None:
    if not policy.enabled:
        return Reason("skip.off")
    if connection_state == "none":
        return Reason("skip.not_connected")
    return None


def _not_for_salesforce(call: Call, number: str, policy: Policy) -> Reason | None:
    if call.direction is Direction.INNER:
        return Reason("skip.internal")
    if not number:
        return Reason("skip.withheld", {"number": call.client_number})
    region = policy.region
    if any(phone.matches(listed, number, region) for listed in policy.excluded_numbers):
        return Reason("skip.excluded", {"number": number})
    if any(phone.matches(line, number, region) for line in _own_lines(call, policy)):
        return Reason("skip.own_line", {"number": number})
    return None


def _own_lines(call: Call, policy: Policy) -> tuple[str, ...]:
    """The company's external lines, as far as known: this call's, and those in the table."""
    return (call.external_line, *(row.external_line for row in policy.missed_calls))
