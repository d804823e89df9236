"""Mails to an account's owners, by code."""

from core.texts.mark import N_

MAILS: dict[str, str] = {
    "connection_died.subject": N_("{account}: calls no longer reach Salesforce"),
    "connection_died.text": N_(
        """\
Hello!

The connection of “{account}” to Salesforce was lost on {moment}.

Why, and what to do: {reason}

Calls are kept: nothing is lost, and they are delivered in order once you
reconnect. It takes a minute:
{link}
"""
    ),
    "connection_works.subject": N_("{account}: calls reach Salesforce again"),
    "connection_works.text": N_(
        """\
Hello!

The connection of “{account}” to Salesforce works again since {moment}.
Calls that waited are being delivered in order.

{link}
"""
    ),
}
