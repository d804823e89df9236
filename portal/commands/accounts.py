"""Commands: `flask --app wsgi …`."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from portal.commands.people import person
from portal.demo.doors import DoorClosed, through_http, through_queue
from portal.demo.events import DAY, KINDS, call_key, demo_events
from portal.demo.seed import PEOPLE, demo_key, seed
from portal.signin.demo_factor import STAFF_SECRET
from portal.web.audit import KEY_ISSUED, note_of_operator
from portal.web.services import config, store

account = AppGroup("account", help="Accounts: telephony's customers.")
key = AppGroup("key", help="Telephony's keys for the HTTP door.")


def attach(app: Flask) -> None:
    """Register every command."""
    for command in (account, person, key, reseal, seed_demo, demo_call):
        app.cli.add_command(command)


@account.command("create")
@click.argument("account_id")
@click.argument("name")
def create_account(account_id: str, name: str) -> None:
    """ACCOUNT_ID is telephony's own name of the account."""
    try:
        made = store().accounts.create(account_id, name)
    except ValueError as refused:
        raise click.ClickException(str(refused)) from refused
    if not made:
        raise click.ClickException(f"There is an account {account_id!r} already.")
    click.echo(f"Created {account_id}.")


@key.command("issue")
@click.argument("account_id")
def issue_key(account_id: str) -> None:
    """A new key, shown once. Older ones go on working for seven days."""
    if store().accounts.get(account_id) is None:
        raise click.ClickException(f"There is no account {account_id!r}.")
    issued = store().accounts.issue_key(account_id)
    note_of_operator(account_id, KEY_ISSUED, {"ending": issued[-4:]})
    click.echo(issued)


@click.command("reseal")
@with_appcontext
def reseal() -> None:
    """Encrypt every stored secret anew with the first of TOKEN_KEYS; then the others can go."""
    done = store().seals.seal_anew()
    click.echo(f"Sealed by the first key: {done.count}")
    if done.unreadable:
        what = ", ".join(sorted(set(done.unreadable)))
        raise click.ClickException(
            f"No key of TOKEN_KEYS opens {len(done.unreadable)} values ({what}): put the key that"
            " was taken out back into the list and run this again."
        )


def _only_in_the_demo() -> None:
    if not config().demo:
        raise click.ClickException("This is for the demo only; DEMO is not set.")


@click.command("seed-demo")
@with_appcontext
def seed_demo() -> None:
    """Make the demo's account and people, where they are missing."""
    _only_in_the_demo()
    seed(store(), config())
    demo_key(store(), config())
    click.echo("Sign in with:")
    for email, password, _name, role in PEOPLE:
        click.echo(f"  {email:<26} {password:<18} {role or 'support'}")
    click.echo(f"Support's authenticator app: {STAFF_SECRET} (the sign-in page shows the code)")


@click.command("demo-call")
@click.option("--kind", type=click.Choice([*KINDS, DAY]), default=KINDS[0], show_default=True)
@click.option("--door", type=click.Choice(["rq", "http"]), default="rq", show_default=True)
@click.option("--number", default="", help="The client's number; without it a new one.")
@with_appcontext
def demo_call(kind: str, door: str, number: str) -> None:
    """Hand a call over to the demo account, as telephony would."""
    _only_in_the_demo()
    try:
        for event in demo_events(kind, number):
            if door == "rq":
                said = through_queue(config(), event)
            else:
                said = through_http(config(), event, demo_key(store(), config()))
            click.echo(f"{kind} call {call_key(event)}: {said}")
    except DoorClosed as error:
        raise click.ClickException(str(error)) from error
