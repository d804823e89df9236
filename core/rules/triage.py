"""Calls that need no Salesforce (rules T3 to T6)."""

from __future__ import annotations

from collections.abc import Collection

from core import phone, reasons
from core.call import Direction
from core.facts import WaitingCall
from core.kinds import Known, Unknown
from core.plan import Outcome, Plan
from core.policy import Policy
from core.reasons import Reason


def triage(
    waiting: WaitingCall, policy: Policy, connection_state: str, seen_lines: Collection[str] = ()
) -> Plan | None:
    """A plan for a call that is skipped or held; None when Salesforce has to be asked.

    `connection_state` is a `core.connection.ConnectionState`: with `none` calls are skipped,
    with `dead` held until somebody reconnects. A call that would be skipped anyway is not held.
    `seen_lines` are external lines of the account's other calls, numbers and site names.
    """
    outcome = Outcome.SKIP
    reason = _off(policy, connection_state) or _not_for_salesforce(waiting, policy, seen_lines)
    if reason is None and connection_state == "dead":
        outcome, reason = Outcome.HOLD, reasons.hold.connection_dead()
    if reason is None:
        return None
    call = waiting.call
    return Plan(waiting.id, call.key, outcome, reason, waiting.number, trace=call.changes)


def _off(policy: Policy, connection_state: str) -> Reason | None:
    if not policy.enabled:
        return reasons.skip.off()
    if connection_state == "none":
        return reasons.skip.not_connected()
    return None


def _not_for_salesforce(
    waiting: WaitingCall, policy: Policy, seen_lines: Collection[str]
) -> Reason | None:
    call, number = waiting.call, waiting.number
    if call.direction is Direction.INNER:
        return reasons.skip.internal()
    if not number:
        return reasons.skip.withheld(number=call.client_number)
    region = policy.region
    if any(phone.matches(listed, number, region) for listed in policy.excluded_numbers):
        return reasons.skip.excluded(number=number)
    if _is_own_line(number, (call.external_line, *seen_lines), policy):
        return reasons.skip.own_line(number=number)
    kind = policy.kind_of(call)
    if policy.grid.known(kind) is Known.NOTHING and policy.grid.unknown(kind) is Unknown.NOTHING:
        return reasons.skip.kind()
    return None


def _is_own_line(number: str, telephonys: Collection[str], policy: Policy) -> bool:
    """Whether a number is an external line of the company: one of telephony's (site names are
    none), or one in the table of missed calls, as a person typed it."""
    region = policy.region
    return any(phone.e164(line, region) == number for line in telephonys) or any(
        phone.matches(row.external_line, number, region) for row in policy.missed_calls
    )
