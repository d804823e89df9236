"""Connect without a person: by the key and secret of the customer's own app, while the page waits.

Pressed → Salesforce, for two seconds → the card as it is now, connected or with what is wrong
                                      └ no answer yet → the card says so and looks again
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from threading import Event

from flask import request
from werkzeug import Response

from core import reasons
from core.checking import preflight
from core.connecting import app_to_connect, connect_without_person
from core.models import Account
from portal.salesforce.access import say_connected, telling, write_down
from portal.salesforce.connection_card import tell_trouble
from portal.salesforce.settings import settings_now
from portal.web.connection import CONNECTION
from portal.web.once import forget
from portal.web.services import services
from portal.web.waiting import PAGE_SECONDS, TookTooLong, within
from portal.web.who import actor


def connect(account: Account) -> Response:
    here, unseen = services(), Event()
    with telling(account):
        name, work = _connecting(account, unseen)
        try:
            within(PAGE_SECONDS, here.readings.once(name, work))
            say_connected(here.store.connections.get(account.id))
        except TookTooLong:
            unseen.set()
            tell_trouble(account, reasons.connection.slow())
    forget(CONNECTION)
    return settings_now()


def _connecting(account: Account, unseen: Event) -> tuple[str, Callable[[], None]]:
    """To be done on a thread of its own: it knows no request, and ends whoever still waits; when
    nobody does (`unseen`), it looks at the org as the page would. Named by all it depends on: who
    corrects the secret is not answered by the try before.

    Raises SalesforceError.
    """
    here, who = services(), actor()
    chosen = here.store.connections.get(account.id)
    app = app_to_connect(chosen, here.store, here.config)
    secret = request.form.get("client_secret", "").strip()[:512]
    confirmed = request.form.get("confirmed_org", "")[:18]
    parts = (chosen.my_domain, app.client_id, secret or app.client_secret, confirmed)
    digest = sha256("\n".join(parts).encode()).hexdigest()

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
        if unseen.is_set():
            preflight(account.id, here.store, here.config, here.http)

    return f"connect:{account.id}:{digest}", work
