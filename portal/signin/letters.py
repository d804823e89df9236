"""Mails to people, each in the language of the one who reads it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec

import structlog
from flask import copy_current_request_context, url_for
from flask_babel import force_locale, get_locale, gettext

from core.mail import Mailer, MailFailed
from core.models import Account, Person
from core.store.invitations import is_new
from portal.web.services import config, store

P = ParamSpec("P")

log = structlog.get_logger()
_postman = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")
"""Mail servers are slow: nobody waits, and no wait tells whether there was a mail to send."""


def send_reset(person: Person) -> None:
    """A link to choose a new password."""
    with force_locale(_language(person)):
        text = gettext(
            "Somebody, probably you, asked for a new password for the UniTalk Salesforce cabinet."
            "\n\nChoose it here; the link works once, within an hour:\n%(link)s\n\n"
            "If it was not you, do nothing: your password stays as it is.",
            link=_link(person),
        )
        _send(person.email, gettext("A new password for UniTalk"), text)


def send_invitation(account: Account, email: str, key: str, *, language: str, by: str) -> None:
    """To somebody new a link to begin with, to who signs in already the news, to staff nothing.

    Which of these, no wait tells: it is looked up beside the answer.

    Args:
        by: how whoever invites is called.
    """
    in_background(_invite, account.name, email, key, language, by)


def _invite(account: str, email: str, key: str, language: str, by: str) -> None:
    person = store().accounts.person_by_email(email)
    if person and (person.is_staff or not person.is_active):
        return
    with force_locale((person and person.language) or language or _language_here()):
        words = {"account": account, "by": by}
        if is_new(person):
            text = gettext(
                "%(by)s invites you to the Salesforce integration of %(account)s.\n\n"
                "Choose a password here to accept; the link works once, within seven days:"
                "\n%(link)s\n\nIf you do not know who this is, do nothing.",
                link=f"{config().portal_url}{url_for('invitations.read', key=key)}",
                **words,
            )
        else:
            text = gettext(
                "%(by)s invites you to the Salesforce integration of %(account)s.\n\n"
                "Sign in to accept or decline within seven days:\n%(link)s\n\n"
                "If you do not know who this is, decline: nobody gets anything of yours.",
                link=f"{config().portal_url}{url_for('index')}",
                **words,
            )
        subject = gettext("You are invited to %(account)s in UniTalk", account=account)
        _send(email, subject, text)


def send_password_changed(person: Person) -> None:
    """So that a change by somebody else does not stay unseen."""
    with force_locale(_language(person)):
        text = gettext(
            "The password of your UniTalk Salesforce cabinet was changed just now, and you were "
            "signed out everywhere else.\n\nIf it was not you, choose a new one at once:\n%(link)s",
            link=f"{config().portal_url}{url_for('forgotten.ask')}",
        )
        _send(person.email, gettext("Your password was changed"), text)


def send_factor_changed(person: Person, *, on: bool) -> None:
    """So that it does not stay unseen when somebody else did it."""
    with force_locale(_language(person)):
        if on:
            subject = gettext("Sign-in with a code was switched on")
            text = gettext(
                "From now on a code from an authenticator app is asked for when you sign in to the"
                " UniTalk Salesforce cabinet.\n\nIf it was not you, tell UniTalk's support at once."
            )
        else:
            subject = gettext("Sign-in with a code was switched off")
            text = gettext(
                "You now sign in to the UniTalk Salesforce cabinet with the password alone.\n\n"
                "If it was not you, choose a new password at once:\n%(link)s",
                link=f"{config().portal_url}{url_for('forgotten.ask')}",
            )
        _send(person.email, subject, text)


def in_background(job: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Decide and write a letter where no wait tells what was decided; in this request's context,
    but its answer may be under way already."""
    _by_postman(copy_current_request_context(job), *args, **kwargs)


def _link(person: Person) -> str:
    # From the configuration: a forged Host header must not lead people elsewhere.
    key = store().links.make(person.id)
    return f"{config().portal_url}{url_for('forgotten.choose', key=key)}"


def _language(person: Person) -> str:
    return person.language or _language_here()


def _language_here() -> str:
    return str(get_locale() or "ru")


def _send(to: str, subject: str, text: str) -> None:
    _by_postman(Mailer(config()).send, to, subject, text)


def _by_postman(job: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """At once where letters only go into a folder."""
    if Mailer(config()).is_slow:
        _postman.submit(job, *args, **kwargs).add_done_callback(_sent)
    else:
        job(*args, **kwargs)


def _sent(result: Future[None]) -> None:
    if isinstance(error := result.exception(), MailFailed):
        log.error("mail not sent", error=str(error))
    elif error:
        log.error("mail not sent", error=type(error).__name__)
