"""What is wrong with a connection, in the words of the page's language."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import get_locale
from flask_babel import gettext as _

from core import reasons
from core.reasons import Reason
from core.texts import say
from portal.web.dates import wall_clock

CEILING, MOVE, INSTALL, FORM = "ceiling", "move", "install", "form"
ADMIT, WAIT = "admit", "wait"
_MENDED = {
    reasons.connection.ceiling.code: CEILING,
    reasons.connection.another_org.code: MOVE,
    reasons.connection.app_not_installed.code: INSTALL,
    reasons.connection.redirect_uri.code: FORM,
    reasons.connection.client_id.code: FORM,
    reasons.connection.client_secret.code: FORM,
    reasons.connection.signature.code: FORM,
    reasons.connection.secret_unreadable.code: FORM,
    reasons.connection.wrong_host.code: FORM,
    reasons.app.my_domain.code: FORM,
    reasons.app.not_found.code: FORM,
    reasons.connection.ip_restricted.code: ADMIT,
    reasons.connection.slow.code: WAIT,
}
"""Where the card leads to mend it: the ceiling, moving to the other org, installing the package,
the form for the environment and the customer's own app, admitting our addresses; or that it is to
look again by itself. Other troubles need Connect alone."""


@dataclass(frozen=True)
class Trouble:
    mended_by: str
    words: str
    """What happened and what to do."""
    said: str = ""
    """Salesforce's own words."""
    other_org: str = ""
    """With MOVE: the name of the org that access was given to."""
    other_org_id: str = ""


def trouble(reason: Reason, other_org_id: str = "") -> Trouble:
    params = reason.params
    words = say(reason, str(get_locale()), wall_clock)
    own = [part for name in ("code", "message") if (part := params.get(name)) and part not in words]
    return Trouble(
        _MENDED.get(reason.code, ""), words, ": ".join(own), params.get("now", ""), other_org_id
    )


def host_refused(code: str) -> str:
    """Why an address that a person typed is not taken: the codes of `HostRefused`."""
    return {
        "host.unreadable": _("This is not an address. Enter it as in: acme.my.salesforce.com"),
        "host.not_https": _("The address must start with https://"),
        "host.generic": _(
            "This address is that of all organisations. Enter your own, as in:"
            " acme.my.salesforce.com"
        ),
        "host.lightning": _(
            "This is the address where people work, not the My Domain. In Salesforce open Setup,"
            " then My Domain, and copy “Current My Domain URL”."
        ),
    }.get(code, _("This address does not belong to Salesforce. It must end in .my.salesforce.com"))
