"""Who is behind a request: the signed-in person, and the account they work in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort, g, request, session
from flask_login import UserMixin, current_user, login_required

from core.models import Account, Person, SupportVisit
from core.policy import Policy
from core.store.policies import Actor
from portal.web.once import forget, once
from portal.web.services import store

P = ParamSpec("P")
R = TypeVar("R")

OWNER = "owner"
MEMBER = "member"
SUPPORT = "support"
"""The role in which support sits in a customer's seat: neither keys, people nor the connection."""
NEWEST_CHANGE = "newest_change"


class SignedIn(UserMixin):
    """A person as Flask-Login keeps them: the cookie carries the name of a stored session."""

    def __init__(self, person: Person, session_name: str) -> None:
        self.person = person
        self.session_name = session_name

    def get_id(self) -> str:
        return self.session_name


def load(session_name: str) -> SignedIn | None:
    person = store().sessions.person(session_name, request.remote_addr or "")
    return SignedIn(person, session_name) if person else None


def current_person() -> Person | None:
    """The signed-in person; None for a stranger."""
    user = current_user._get_current_object()
    return user.person if isinstance(user, SignedIn) else None


def session_name() -> str:
    """The stored session of this request; empty for a stranger."""
    user = current_user._get_current_object()
    return user.session_name if isinstance(user, SignedIn) else ""


def visit() -> SupportVisit | None:
    """The support visit that this request is part of, while it lasts."""
    person = current_person()
    if person is None or not person.is_staff:
        return None
    if "visit" not in g:
        # By the session, not by a name in the cookie: a late answer may bring an old cookie back.
        g.visit = store().visits.running(person.id, session_name())
    found: SupportVisit | None = g.visit
    return found


def seat() -> tuple[Account, str] | None:
    """The account the person works in, with their role there; None when they have none.

    With several accounts it is the one chosen last, else the first by name. Support has a seat
    only while visiting.
    """
    person = current_person()
    if person is None:
        return None
    if "seat" not in g:
        g.seat = _seat_of_support() if person.is_staff else _seat_of(person)
    found: tuple[Account, str] | None = g.seat
    return found


def accounts_to_choose() -> list[Account]:
    """The accounts a person may switch between; none when there is nothing to choose."""
    person = current_person()
    if person is None or person.is_staff:
        return []
    places = store().accounts.memberships(person.id)
    return [account for account, _role in places] if len(places) > 1 else []


def _seat_of(person: Person) -> tuple[Account, str] | None:
    places = store().accounts.memberships(person.id)
    chosen = [place for place in places if place[0].id == session.get("account")]
    return next(iter(chosen or places), None)


def _seat_of_support() -> tuple[Account, str] | None:
    here = visit()
    account = store().accounts.get(here.account_id) if here else None
    return (account, SUPPORT) if account else None


def current_account() -> Account:
    """The account of this request. Only for views behind `account_required`: else 403."""
    place = seat()
    if place is None:
        abort(403)
    return place[0]


def current_policy() -> Policy:
    """What the account of this request chose, read once a request."""
    if "policy" not in g:
        g.policy = store().policies.get(current_account().id)
    policy: Policy = g.policy
    return policy


def change_policy(change: Callable[[Policy], Policy]) -> Sequence[str]:
    """A change by the person of this request: names of the settings that it changed."""
    g.policy, changed = store().policies.edit(current_account().id, actor(), change)
    forget(NEWEST_CHANGE)
    return changed


def newest_change() -> str:
    """Name of the newest change of the account's settings."""
    return once(NEWEST_CHANGE, lambda: store().policies.newest_change(current_account().id))


def is_owner() -> bool:
    place = seat()
    return place is not None and place[1] == OWNER


def actor() -> Actor:
    """Who looks or changes, for the histories: under both names when support visits."""
    person, here = current_person(), visit()
    if here:
        return Actor(person_id=here.person_id, staff_id=here.staff_id)
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


def staff_required(view: Callable[P, R]) -> Callable[P, R]:
    """For support staff who are in nobody's seat: a visit within a visit is refused."""

    @login_required  # type: ignore[untyped-decorator]
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        person = current_person()
        if person is None or not person.is_staff or visit():
            abort(403)
        return view(*args, **kwargs)

    guarded_view: Callable[P, R] = guarded
    return guarded_view


def person_required(view: Callable[P, R]) -> Callable[P, R]:
    """For whoever is signed in as themselves: their own password and sessions."""

    @login_required  # type: ignore[untyped-decorator]
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if visit():
            abort(403)
        return view(*args, **kwargs)

    guarded_view: Callable[P, R] = guarded
    return guarded_view


def myself() -> Person:
    """The signed-in person, in views that require one."""
    person = current_person()
    if person is None:
        abort(401)
    return person


def time_zone() -> str | None:
    """The account's time zone, in which pages show moments; None = the default."""
    return current_policy().time_zone if seat() else None
