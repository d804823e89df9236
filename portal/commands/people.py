"""Commands about people: `flask --app wsgi person …`."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from core.emails import looks_like_email
from core.models import MEMBER, OWNER, Account, Person
from core.store.members import LastOwner
from portal.signin.passwords import PasswordRefused, check_password, hash_password
from portal.web.audit import ADDED, FACTOR_RESET, note_of_operator, note_of_person
from portal.web.services import store

person = AppGroup("person", help="People who sign in.")


@person.command("add")
@click.argument("email")
@click.option("--account", "account_id", help="Account to join; without it the person is staff.")
@click.option("--role", type=click.Choice([OWNER, MEMBER]), default=OWNER, show_default=True)
@click.option("--name", default="")
@click.option("--password", default="", help="Of somebody new; without it you are asked for one.")
def add_person(email: str, account_id: str | None, role: str, name: str, password: str) -> None:
    """Add a person with a password, or join a known one to one more account."""
    accounts = store().accounts
    account = accounts.get(account_id) if account_id else None
    if account_id and account is None:
        raise click.ClickException(f"There is no account {account_id!r}.")
    known = accounts.person_by_email(email)
    if known:
        _check_known(known, account, password)
    someone = known or _new_person(email, name, account, password)
    if account:
        try:
            accounts.join(account.id, someone.id, role)
        except LastOwner as refused:
            raise click.ClickException(
                f"{email} is the last owner of {account.id} who can sign in: make somebody else an"
                " owner first."
            ) from refused
        note_of_operator(account.id, ADDED, {"email": someone.email, "role": role})
    click.echo(f"{someone.email}: {role + ' of ' + account.id if account else 'staff'}")


@person.command("list")
def list_people() -> None:
    """Everybody: staff first, then customers; whose they are, and who may not sign in."""
    for one in store().accounts.people():
        places = store().accounts.memberships(one.id)
        what = "staff" if one.is_staff else ", ".join(f"{role} of {at.id}" for at, role in places)
        disabled = f"  disabled {one.disabled_at:%Y-%m-%d}" if one.disabled_at else ""
        click.echo(f"{one.email:<40} {what or 'of no account'}{disabled}")


@person.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Sign them out everywhere, end their visit, and let them in no more. Nothing is deleted.
    Says which accounts have no owner any more who can sign in."""
    someone = _known(email)
    ownerless = store().accounts.disable(someone.id)
    click.echo(f"{someone.email} is signed out and cannot sign in.")
    for account_id in ownerless:
        click.echo(
            f"{account_id} has no owner now who can sign in: make somebody one"
            f" (person add … --account {account_id} --role owner)."
        )


@person.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Let somebody in again who was disabled; their password is the one they had."""
    someone = _known(email)
    store().accounts.enable(someone.id)
    click.echo(f"{someone.email} can sign in again.")


@person.command("reset-factor")
@click.argument("email")
def reset_factor(email: str) -> None:
    """For somebody who lost the second factor: take it away and end every session. Make sure
    that it is really them who ask; at the next sign-in staff have to set up a new one."""
    someone = _known(email)
    note_of_person(someone.id, FACTOR_RESET, by_operator=True)
    store().factors.drop(someone.id)
    store().sessions.end_all(someone.id)
    click.echo(f"{someone.email} signs in with the password alone now.")


def _known(email: str) -> Person:
    found = store().accounts.person_by_email(email)
    if found is None:
        raise click.ClickException(f"There is no person {email!r}.")
    return found


def _check_known(known: Person, account: Account | None, password: str) -> None:
    """What this command cannot do to somebody who is there already. Raises ClickException."""
    if password:
        raise click.ClickException(
            f"{known.email} is there already and has a password, which stays: they change it"
            ' themselves, or by "Forgotten the password?". Leave --password out.'
        )
    if not known.is_active:
        raise click.ClickException(f"{known.email} is disabled: person enable comes first.")
    if account and known.is_staff:
        raise click.ClickException(f"{known.email} is support staff, who belong to no account.")
    if account is None and not known.is_staff:
        raise click.ClickException(f"{known.email} is a customer's person and cannot be staff.")


def _new_person(email: str, name: str, account: Account | None, password: str) -> Person:
    if not looks_like_email(email):
        raise click.ClickException(f"{email!r} is no e-mail address.")
    password = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        with force_locale("en"):  # outside a request there is no person to speak to
            check_password(password, [email, name, account.name if account else ""])
    except PasswordRefused as refused:
        raise click.ClickException(str(refused)) from refused
    return store().accounts.add_person(
        email, name, hash_password(password), is_staff=account is None
    )
