"""E-mail: by SMTP, or into a folder as `.eml` files where no server is configured."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from urllib.parse import unquote, urlsplit

from core.addresses import sender
from core.config import Config
from core.secrets import new_name

SECONDS_TO_WAIT = 15


class MailFailed(Exception):
    """The mail server was not reached or refused the mail, or the folder did not take it; trying
    again later may help."""


class Mailer:
    """Sends plain-text mails from `config.mail_from`."""

    def __init__(self, config: Config) -> None:
        self._url = urlsplit(config.mail_url)
        self._folder = config.mail_folder or Path("data/mail")
        self._sender = sender(config.mail_from)

    @property
    def is_slow(self) -> bool:
        """Whether sending talks to a server, which may take SECONDS_TO_WAIT and more."""
        return bool(self._url.scheme)

    def send(self, to: str, subject: str, text: str, name: str = "") -> None:
        """Send one mail. Raises MailFailed.

        `name` is what makes it the same mail when it is sent again after a crash: mail servers
        recognise the Message-ID, and in the folder it replaces the first one.
        """
        name = name or new_name()
        mail = EmailMessage()
        mail["From"] = self._sender
        mail["To"] = to
        mail["Subject"] = " ".join(subject.split())  # no line break can add a header
        mail["Date"] = formatdate()
        mail["Message-ID"] = f"<{name}@{self._sender.domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        if self.is_slow:
            self._by_smtp(mail)
        else:
            self._into_folder(mail, name)

    def _into_folder(self, mail: EmailMessage, name: str) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{name}.eml").write_bytes(bytes(mail))
        except OSError as error:
            raise MailFailed(type(error).__name__) from error

    def _by_smtp(self, mail: EmailMessage) -> None:
        try:
            with self._server() as server:
                if self._url.username:
                    server.login(unquote(self._url.username), unquote(self._url.password or ""))
                server.send_message(mail)
        except (OSError, smtplib.SMTPException) as error:
            # The error's own text may hold the address it was refused for.
            raise MailFailed(type(error).__name__) from error

    def _server(self) -> smtplib.SMTP:
        """`smtps://` speaks TLS from the start; `smtp://` as soon as the server offers it."""
        host, trusted = self._url.hostname or "", ssl.create_default_context()
        if self._url.scheme == "smtps":
            port = self._url.port or 465
            return smtplib.SMTP_SSL(host, port, timeout=SECONDS_TO_WAIT, context=trusted)
        server = smtplib.SMTP(host, self._url.port or 587, timeout=SECONDS_TO_WAIT)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=trusted)
        elif self._url.username:
            server.close()
            raise MailFailed("the server offers no TLS; the password is not sent in clear")
        return server
