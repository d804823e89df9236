"""Connect without a person: by the key and secret of the customer's own app, while the page waits.

Pressed → Salesforce, for ten seconds → the card as it is now, connected or with what is wrong
                                      └ no answer yet → the card says so and looks again
"""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from werkzeug import Response

from core import reasons
from core.connecting import connect_without_person
from core.models import Account
from portal.salesforce.access import say_connected, telling, write_down
from portal.salesforce.connection_card import tell_trouble
from portal.salesforce.settings import settings_now
from portal.web.connection import CONNECTION
from portal.web.once import forget
from portal.web.services import services
from portal.web.waiting import TookTooLong, within
from portal.web.who import actor

PATIENCE = 10.0
"""Seconds: three answers of Salesforce, over connections that are new."""


def connect(account: Account) -> Response:
    here = services()
    work = here.readings.once(f"connect:{account.id}", _connecting(account))
    with telling(account):
        try:
            within(PATIENCE, work)
            say_connected(here.store.connections.get(account.id))
        except TookTooLong:
            tell_trouble(account, reasons.connection.slow())
    forget(CONNECTION)
    return settings_now()


def _connecting(account: Account) -> Callable[[], None]:
    """To be done on a thread of its own: it knows no request, and ends whoever still waits."""
    here, who = services(), actor()
    secret = request.form.get("client_secret", "").strip()[:512]
    confirmed = request.form.get("confirmed_org", "")[:18]

    def work() -> None:
        made = connect_without_person(
            account.id,
            here.store,
            here.config,
            here.http,
            here.waker,
            client_secret=secret,
            confirmed_org=confirmed,
        )
        write_down(here.store, who, made)

    return work
