"""What is wrong with a connection, in the words of the page's language."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import get_locale
from flask_babel import gettext as _

from core.plan import Reason
from core.texts import say


@dataclass(frozen=True)
class Trouble:
    code: str
    words: str
    """What happened and what to do."""
    said: str = ""
    """Salesforce's own words."""
    other_org: str = ""
    """With `another_org`: the name of the org that consent came from."""
    other_org_id: str = ""


def trouble(reason: Reason) -> Trouble:
    params = reason.params
    words = say(reason, str(get_locale()))
    own = [part for name in ("code", "message") if (part := params.get(name)) and part not in words]
    return Trouble(
        reason.code.removeprefix("connection."),
        words,
        ": ".join(own),
        params.get("now", ""),
        params.get("now_id", ""),
    )


def host_refused(code: str) -> str:
    """Why an address that a person typed is not taken: the codes of `HostRefused`."""
    return {
        "host.unreadable": _("This is not an address. Enter it as in: acme.my.salesforce.com"),
        "host.not_https": _("The address must start with https://"),
        "host.lightning": _(
            "This is the address where people work, not the My Domain. In Salesforce open Setup,"
            " then My Domain, and copy “Current My Domain URL”."
        ),
    }.get(code, _("This address does not belong to Salesforce. It must end in .my.salesforce.com"))
