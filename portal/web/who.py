"""Who is behind a request: the signed-in person, and where they are: the account in the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort, g, request
from flask_login import UserMixin, current_user, login_required

from core.models import OWNER, Account, Person, SupportVisit
from core.policy import Policy
from core.store.places import SUPPORT, Place
from core.store.policies import Actor
from portal.web import replies
from portal.web.address import account_name
from portal.web.once import forget, once
from portal.web.services import services, store

P = ParamSpec("P")
R = TypeVar("R")

NEWEST_CHANGE = "newest_change"


class SignedIn(UserMixin):
    """A person as Flask-Login keeps them: the cookie carries the name of a stored session."""

    def __init__(self, person: Person, session_name: str, is_invited: bool = False) -> None:
        self.person = person
        self.session_name = session_name
        self.is_invited = is_invited and not person.is_staff

    def get_id(self) -> str:
        return self.session_name


def load(session_name: str) -> SignedIn | None:
    asks_itself = request.method == "GET" and replies.wants_fragment()
    found = store().sessions.person(session_name, request.remote_addr or "", not asks_itself)
    return SignedIn(found[0], session_name, found[1]) if found else None


def current_person() -> Person | None:
    """The signed-in person; None for a stranger."""
    user = current_user._get_current_object()
    return user.person if isinstance(user, SignedIn) else None


def session_name() -> str:
    """The stored session of this request; empty for a stranger."""
    user = current_user._get_current_object()
    return user.session_name if isinstance(user, SignedIn) else ""


def is_invited() -> bool:
    """Whether an invitation waits for the person's answer."""
    user = current_user._get_current_object()
    return isinstance(user, SignedIn) and user.is_invited


def visit() -> SupportVisit | None:
    """The support visit that this browser is on, while it lasts."""
    person = current_person()
    if person is None or not person.is_staff:
        return None
    # By the session, not by a name in the cookie: a late answer may bring an old cookie back.
    return once("visit", lambda: store().visits.running(person.id, session_name()))


def visited() -> Place | None:
    """The account that support visits, and no other, is open to them."""
    here = visit()
    if here is None:
        return None
    return once("visited", lambda: store().places.visited(here.account_id))


def places() -> list[Place]:
    """The accounts that the person belongs to; none for support staff."""
    person = current_person()
    if person is None or person.is_staff:
        return []
    return once("places", lambda: store().places.of(person.id))


def place() -> Place | None:
    """The account in the address, if it is open to the person."""
    here = visited()
    is_open = [here] if here else places()
    return next((one for one in is_open if one.account.public_name == account_name()), None)


def home() -> Place | None:
    """The account that the person used last, or their only one, or the one support visits."""
    if here := visited():
        return here
    used = [one for one in places() if one.used_at]
    if used:
        return max(used, key=lambda one: one.used_at or one.account.created_at)
    return places()[0] if len(places()) == 1 else None


def current_place() -> Place:
    """Where this request is. Without one 404, alike for an account that there is not and for one
    that is not open to the person."""
    return place() or abort(404)


def current_account() -> Account:
    """The account of this request, for views behind `account_required`."""
    return current_place().account


def current_policy() -> Policy:
    """What the account of this request chose, read once a request."""
    return once("policy", lambda: store().policies.get(current_account().id))


def change_policy(change: Callable[[Policy], Policy]) -> Sequence[str]:
    """A change by the person of this request: names of the settings that it changed."""
    g.policy, changed = store().policies.edit(current_account().id, actor(), change)
    forget(NEWEST_CHANGE)
    if "enabled" in changed and g.policy.enabled:
        services().waker.wake(current_account().id)  # whatever waited goes now
    return changed


def newest_change() -> str:
    """Name of the newest change of the account's settings."""
    return once(NEWEST_CHANGE, lambda: store().policies.newest_change(current_account().id))


def is_owner() -> bool:
    here = place()
    return here is not None and here.role == OWNER


def actor() -> Actor:
    """Who looks or changes, for the histories: under both names when support visits."""
    person, here = current_person(), visit()
    if here:
        return Actor(person_id=here.person_id, staff_id=here.staff_id)
    return Actor(person_id=person.id if person else None)


def account_required(view: Callable[P, R]) -> Callable[P, R]:
    """For the people of the account in the address, and support on a visit to it. Strangers sign
    in first; to everybody else there is no such page."""

    @login_required  # type: ignore[untyped-decorator]
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        _note_use(current_place())
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
    """For support staff who are on no visit: a visit within a visit is refused."""

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
    here = place() or home()
    return here.time_zone if here else None


def _note_use(here: Place) -> None:
    """Keep which account a person used last; parts of pages that renew themselves say nothing."""
    person, last = current_person(), home()
    comes_from_another = here.used_at is None or last is not here
    if person and here.role != SUPPORT and comes_from_another and not replies.wants_fragment():
        store().places.used(here.account.id, person.id)
