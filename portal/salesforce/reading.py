"""Reads one value that a person typed or chose; what cannot be is refused in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core.objects import ACCOUNT, LEAD
from core.own_fields import unknown_variables
from core.policy import EACH_ITS_OWN
from core.salesforce.ids import ids_in
from core.same_text import folded
from portal.salesforce.org_view import OrgView
from portal.salesforce.zones import known_zones

Answers = MultiDict[str, str]
Reader = Callable[[Answers, OrgView], Any]
"""What a form sent (`value`), and the org as last seen → the setting's value."""

NAME_LENGTH = 255
ONE_FOR_ALL = "one"
"""The choice of one account, whose id stands beside it."""
MOST_NAMES = 5
"""So many of the users who fit are named in a refusal."""


class Refused(Exception):
    """A value that cannot be; the message is for the person, in their language."""


def one_of(options: Collection[str]) -> Reader:
    def read(answers: Answers, _view: OrgView) -> str:
        value = answers.get("value", "")
        if value not in options:
            raise Refused(_("Choose one of the options."))
        return value

    return read


def flag(answers: Answers, _view: OrgView) -> bool:
    """A checkbox: its value is sent only when it is ticked."""
    return "value" in answers


def whole_number(lowest: int, highest: int) -> Reader:
    def read(answers: Answers, _view: OrgView) -> int:
        text = answers.get("value", "").strip()
        if not re.fullmatch(r"[0-9]{1,9}", text) or not lowest <= int(text) <= highest:
            raise Refused(
                _("Enter a whole number from %(low)s to %(high)s.", low=lowest, high=highest)
            )
        return int(text)

    return read


def number_or_none(lowest: int, highest: int) -> Reader:
    """A whole number that may be left out."""
    read = whole_number(lowest, highest)
    return lambda answers, view: read(answers, view) if answers.get("value", "").strip() else None


def words(answers: Answers, _view: OrgView) -> str:
    """One line of text that may not be empty."""
    text = " ".join(answers.get("value", "").replace("\0", "").split())
    if not text:
        raise Refused(_("Fill this in."))
    if len(text) > NAME_LENGTH:
        raise Refused(_("At most %(most)s characters.", most=NAME_LENGTH))
    return text


def opportunity_name(answers: Answers, view: OrgView) -> str:
    """A template over the call's variables."""
    template = words(answers, view)
    if unknown := unknown_variables(template):
        raise Refused(_("There is no variable %(name)s.", name="{" + unknown[0] + "}"))
    return template


def account_of_contacts(answers: Answers, _view: OrgView) -> str:
    """A Salesforce account's id, or the address of its page; EACH_ITS_OWN; empty = none.

    What was typed just now (`was` stood there) counts, whichever choice is marked.
    """
    text, was = (answers.get(name, "").strip() for name in ("value", "was"))
    choice = answers.get("account", "")
    if text == was and choice in ("", EACH_ITS_OWN):
        return choice
    if not text and choice != ONE_FOR_ALL:
        return ""
    found = ids_in(text, ACCOUNT)
    if not found:
        raise Refused(
            _("Paste the address of the account's page in Salesforce, or its id (it begins 001).")
        )
    return found[0]


def open_stage(answers: Answers, view: OrgView) -> str:
    """An open stage of the org; empty = the org's first open one."""
    stage = answers.get("value", "")
    if stage and stage not in {one.name for one in view.open_stages}:
        raise Refused(_("Your Salesforce has no open stage of this name any more."))
    return stage


def user_or_nobody(answers: Answers, view: OrgView) -> str:
    text = answers.get("value", "").strip()
    return user(text, view) if text else ""


def user(text: str, view: OrgView) -> str:
    """The id of the user whom a person named."""
    found = view.find_user(text) or view.fitting_users(text)
    if len(found) == 1:
        return found[0]
    if found:
        names = [view.user_name(one) for one in found[:MOST_NAMES]]
        more = "…" if len(found) > MOST_NAMES else ""
        raise Refused(_("These fit: %(names)s. Say which one.", names=", ".join(names) + more))
    if view.lacks_users:
        raise Refused(_("Enter the user's id: it begins with 005."))
    raise Refused(_("Choose a user from the list."))


def time_zone(answers: Answers, _view: OrgView) -> str:
    wanted = folded(answers.get("value", ""))
    name = next((one for one in known_zones() if folded(one) == wanted), "")
    if not name:
        raise Refused(_("Choose a time zone from the list, such as Europe/Kyiv."))
    return name


def phone_fields(answers: Answers, view: OrgView) -> tuple[str, ...]:
    """The ticked fields, as `Object.Field`: of leads and of contacts, as the mode may change.
    An object that the connected user cannot see offers none."""
    offered = tuple(view.phone_fields)
    chosen = tuple(one for one in offered if one in answers.getlist("value"))
    some_of_each(chosen, offered)
    return chosen


def some_of_each(chosen: Iterable[str], offered: Iterable[str]) -> None:
    """Refuses phone fields that leave out an object whose fields are `offered`."""
    missing = _objects_of(offered) - _objects_of(chosen)
    if LEAD in missing:
        raise Refused(_("Choose at least one field of leads: calls are matched by it."))
    if missing:
        raise Refused(_("Choose at least one field of contacts: calls are matched by it."))


def _objects_of(names: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}
