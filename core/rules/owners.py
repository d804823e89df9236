"""Whose a record or a Task is (rules section 5). An existing record's owner never changes."""

from __future__ import annotations

from core import phone, reasons
from core.objects import GROUP, object_of
from core.policy import MissedCallRow
from core.rules.case import Case, Person


def owner_of_new_record(case: Case) -> str:
    """A user's id; empty = leave it to Salesforce (the user who connected)."""
    if case.call.missed:
        return responsible_for_missed(case) or _default(case)
    return employee(case)


def owner_of_task(case: Case, person: Person) -> str:
    """Missed with nobody in the table: the record's owner. Else as for a new record."""
    if not case.call.missed:
        return employee(case)
    return responsible_for_missed(case) or _record_owner(case, person)


def employee(case: Case) -> str:
    """The user behind the line that took or made the call."""
    line = case.call.line
    user_id = next((row.user_id for row in case.policy.lines if row.line == line), "")
    if not line:
        case.say(reasons.owner.no_line())
    elif not user_id:
        case.unmapped_line = line
        case.say(reasons.owner.unmapped_line(line=line))
    elif _usable(case, user_id):
        case.say(reasons.owner.line(line=line, user=user_name(case, user_id)))
        return user_id
    return _default(case)


def responsible_for_missed(case: Case) -> str:
    """Whom the table names for this external line, before any line; empty = nobody."""
    if case.responsible is None:
        rows = [row for row in case.policy.missed_calls if _is_for(case, row)]
        rows.sort(key=lambda row: not row.external_line)
        case.responsible = next(filter(None, (_take_turn(case, row) for row in rows)), "")
    return case.responsible


def _is_for(case: Case, row: MissedCallRow) -> bool:
    """An external line is a number or a site name."""
    line, ours = case.call.external_line, row.external_line
    if not ours or line.casefold() == ours.strip().casefold():
        return True
    number = phone.e164(line, case.policy.region)
    return number is not None and phone.matches(ours, number, case.policy.region)


def _take_turn(case: Case, row: MissedCallRow) -> str:
    """The next user in turn who can take it; a turn counts once, whoever takes it."""
    if not row.user_ids:
        return ""
    taken = case.batch.turns.get(row.id, 0)
    first = (row.turn + taken) % len(row.user_ids)
    for user_id in row.user_ids[first:] + row.user_ids[:first]:
        if _usable(case, user_id):
            case.batch.turns[row.id] = taken + 1
            case.turn_of = row.id
            user, line = user_name(case, user_id), row.external_line
            case.say(
                reasons.owner.missed_line(line=line, user=user)
                if line
                else reasons.owner.missed_any(user=user)
            )
            return user_id
    return ""


def _record_owner(case: Case, person: Person) -> str:
    owner = person.owner_id
    if object_of(owner) == GROUP:
        case.say(reasons.owner.queue(name=person.name))
    elif owner and not person.owner_active:
        case.say(reasons.owner.inactive(user=user_name(case, owner)))
    elif owner in case.lessons.not_owner:
        case.say(reasons.owner.refused(user=user_name(case, owner)))
    elif owner:
        case.say(reasons.owner.record(name=person.name, user=user_name(case, owner)))
        return owner
    return _default(case)


def _default(case: Case) -> str:
    """The default responsible, else the user who connected, else Salesforce's own choice."""
    default = case.policy.default_responsible
    if default and _usable(case, default):
        case.say(reasons.owner.default(user=user_name(case, default)))
        return default
    connected = case.facts.connected_user_id
    if connected and connected not in case.lessons.not_owner:
        case.say(reasons.owner.connected(user=user_name(case, connected)))
        return connected
    case.say(reasons.owner.nobody())
    return ""


def _usable(case: Case, user_id: str) -> bool:
    if user_id in case.lessons.not_owner:
        case.say(reasons.owner.refused(user=user_name(case, user_id)))
        return False
    user = case.facts.shape.users.get(user_id)
    if user.is_active if user else not case.facts.shape.shows_all_users:
        return True  # of users whom the org does not show us, Salesforce has to be asked
    gone = reasons.owner.inactive if user else reasons.owner.unknown
    case.say(gone(user=user_name(case, user_id)))
    return False


def user_name(case: Case, user_id: str) -> str:
    user = case.facts.shape.users.get(user_id)
    return user.name if user else user_id
