"""Whose a record or a Task is (rules section 5). An existing record's owner never changes."""

from __future__ import annotations

from core import phone, reasons
from core.kinds import Kind
from core.objects import GROUP, object_of
from core.policy import Hours, MissedCallRow
from core.rules.handling import Handling, Person
from core.same_text import folded


def owner_of_new_record(handling: Handling) -> str:
    """A user's id; empty = leave it to Salesforce (the user who connected)."""
    if handling.call.missed:
        return responsible_for_missed(handling) or _default(handling)
    return employee(handling)


def owner_of_task(handling: Handling, person: Person) -> str:
    """Missed with nobody in the table: the record's owner. Missed again: whoever has the open one.
    Else as for a new record."""
    if not handling.call.missed:
        return employee(handling)
    if handling.loop:
        return _owner_of_open_one(handling, handling.loop.owner_id) or _record_owner(
            handling, person
        )
    return responsible_for_missed(handling) or _record_owner(handling, person)


def employee(handling: Handling) -> str:
    """The user behind the line that took or made the call."""
    line = handling.call.line
    user_id = handling.policy.user_of_line(line)
    if not line:
        handling.say(reasons.owner.no_line())
    elif not user_id:
        handling.unmapped_line = line
        handling.say(reasons.owner.unmapped_line(line=line))
    elif _usable(handling, user_id):
        handling.say(reasons.owner.line(line=line, user=user_name(handling, user_id)))
        return user_id
    return _default(handling)


def responsible_for_missed(handling: Handling) -> str:
    """Whom the table names for this external line, before any line; a row for these hours before
    one that always holds; empty = nobody."""
    if handling.responsible is None:
        rows = [row for row in handling.policy.missed_calls if _is_for(handling, row)]
        rows.sort(key=lambda row: (not row.external_line, row.hours is Hours.ALWAYS))
        handling.responsible = next(filter(None, (_take_turn(handling, row) for row in rows)), "")
    return handling.responsible


def _is_for(handling: Handling, row: MissedCallRow) -> bool:
    """An external line is a number or a site name."""
    outside = handling.kind is Kind.INCOMING_MISSED_OUTSIDE
    if row.hours not in (Hours.ALWAYS, Hours.OUTSIDE if outside else Hours.WORKING):
        return False
    line, ours = handling.call.external_line, row.external_line
    if not ours or folded(line) == folded(ours):
        return True
    number = phone.e164(line, handling.policy.region)
    return number is not None and phone.matches(ours, number, handling.policy.region)


def _take_turn(handling: Handling, row: MissedCallRow) -> str:
    """The next user in turn who can take it; a turn counts once, whoever takes it."""
    if not row.user_ids:
        return ""
    taken = handling.earlier.turns.get(row.id, 0)
    first = (row.turn + taken) % len(row.user_ids)
    for user_id in row.user_ids[first:] + row.user_ids[:first]:
        if _usable(handling, user_id):
            handling.earlier.turns[row.id] = taken + 1
            handling.turn_of = row.id
            user, line = user_name(handling, user_id), row.external_line
            handling.say(
                reasons.owner.missed_line(line=line, user=user)
                if line
                else reasons.owner.missed_any(user=user)
            )
            return user_id
    return ""


def _owner_of_open_one(handling: Handling, owner: str) -> str:
    if not owner or object_of(owner) == GROUP or not _usable(handling, owner):
        return ""
    handling.say(reasons.owner.missed_again(user=user_name(handling, owner)))
    return owner


def next_in_turn(handling: Handling) -> str:
    """Who answers for a missed call that nobody called back; empty = nobody is left."""
    default = handling.policy.default_responsible
    found = responsible_for_missed(handling)
    return found or (default if default and _usable(handling, default) else "")


def _record_owner(handling: Handling, person: Person) -> str:
    owner = person.owner_id
    if object_of(owner) == GROUP:
        handling.say(reasons.owner.queue(name=person.name))
    elif owner and not person.owner_active:
        handling.say(reasons.owner.inactive(user=user_name(handling, owner)))
    elif owner in handling.lessons.not_owner:
        handling.say(reasons.owner.refused(user=user_name(handling, owner)))
    elif owner:
        handling.say(reasons.owner.record(name=person.name, user=user_name(handling, owner)))
        return owner
    return _default(handling)


def _default(handling: Handling) -> str:
    """The default responsible, else the user who connected, else Salesforce's own choice."""
    default = handling.policy.default_responsible
    if default and _usable(handling, default):
        handling.say(reasons.owner.default(user=user_name(handling, default)))
        return default
    connected = handling.facts.connected_user_id
    if connected and connected not in handling.lessons.not_owner:
        handling.say(reasons.owner.connected(user=user_name(handling, connected)))
        return connected
    handling.say(reasons.owner.nobody())
    return ""


def _usable(handling: Handling, user_id: str) -> bool:
    if user_id in handling.lessons.not_owner:
        handling.say(reasons.owner.refused(user=user_name(handling, user_id)))
        return False
    user = handling.facts.shape.users.get(user_id)
    if user.is_active if user else not handling.facts.shape.shows_all_users:
        return True  # of users whom the org does not show us, Salesforce has to be asked
    gone = reasons.owner.inactive if user else reasons.owner.unknown
    handling.say(gone(user=user_name(handling, user_id)))
    return False


def user_name(handling: Handling, user_id: str) -> str:
    user = handling.facts.shape.users.get(user_id)
    return user.name if user else user_id
