"""Who is behind a request: the signed-in person, and the account they work in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort, g, session
from flask_login import UserMixin, current_user, login_required

from core.models import Account, Person
from core.store.policies import Actor
from portal.services import store

P = ParamSpec("P")
R = TypeVar("R")

OWNER = "owner"
MEMBER = "member"


class SignedIn(UserMixin):
    """A person as Flask-Login keeps them."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        return str(self.person.id)


def load(person_id: str) -> SignedIn | None:
    person = store().accounts.person(int(person_id)) if person_id.isdecimal() else None
    return SignedIn(person) if person else None


def current_person() -> Person | None:
    """The signed-in person; None for a stranger."""
    user = current_user._get_current_object()
    return user.person if isinstance(user, SignedIn) else None


def seat() -> tuple[Account, str] | None:
    """The account the person works in, with their role there; None when they have none.

    With several accounts it is the one chosen last, else the first by name.
    """
    person = current_person()
    if person is None:
        return None
    if "seat" not in g:
        places = store().accounts.memberships(person.id)
        chosen = [place for place in places if place[0].id == session.get("account")]
        g.seat = next(iter(chosen or places), None)
    found: tuple[Account, str] | None = g.seat
    return found


def current_account() -> Account:
    """The account of this request. Only for views behind `account_required`: else 403."""
    place = seat()
    if place is None:
        abort(403)
    return place[0]


def is_owner() -> bool:
    place = seat()
    return place is not None and place[1] == OWNER


def actor() -> Actor:
    """Who changes a setting, for its history."""
    person = current_person()
    return Actor(person_id=person.id if person else None)


def account_required(view: Callable[P, R]) -> Callable[P, R]:
    """For people with an account. Strangers sign in first; people without one get 403."""

    @login_required  # type: ignore[untyped-decorator]
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        current_account()
        return view(*args, **kwargs)

    guarded_view: Callable[P, R] = guarded
    return guarded_view


def owner_required(view: Callable[P, R]) -> Callable[P, R]:
    """For owners of the account: what touches the connection, keys and people."""

    @account_required
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not is_owner():
            abort(403)
        return view(*args, **kwargs)

    return guarded


def time_zone() -> str | None:
    """The account's time zone, in which pages show moments; None = the default."""
    place = seat()
    return store().policies.get(place[0].id).time_zone if place else None

