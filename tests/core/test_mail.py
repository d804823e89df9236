"""Mails into a folder and by SMTP, to a server that really speaks it."""

import email
import socket
import threading
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from core.config import Config
from core.mail import Mailer, MailFailed


def config(**changes) -> Config:
    return Config(
        database_url="sqlite:///x.db",
        redis_url="redis://127.0.0.1:9",
        secret_key="0123456789abcdef0123456789abcdef",
        token_keys=Fernet.generate_key().decode(),
        portal_url="http://127.0.0.1:8000",
        salesforce_client_id="id",
        salesforce_client_secret="secret",
        **changes,
    )


def read(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=default)


def test_without_a_server_mails_are_files(tmp_path: Path):
    mailer = Mailer(config(mail_folder=tmp_path / "mail"))
    mailer.send("анна@приклад.укр", "Тема\r\nBcc: all@example.com", "Текст")
    (file,) = (tmp_path / "mail").glob("*.eml")
    mail = read(file.read_bytes())
    assert mail["Subject"] == "Тема Bcc: all@example.com"
    assert mail["Bcc"] is None
    assert mail.get_content() == "Текст\n"


def serve_one_mail(listener: socket.socket, taken: list[bytes]) -> None:
    """The least of RFC 5321 that a client needs."""
    connection, _ = listener.accept()
    with connection, connection.makefile("rwb", buffering=0) as wire:
        wire.write(b"220 here\r\n")
        data, reading = b"", False
        for line in wire:
            if reading:
                if line == b".\r\n":
                    taken.append(data)
                    reading = False
                    wire.write(b"250 taken\r\n")
                data += line
                continue
            reading = line.upper().startswith(b"DATA")
            if line.upper().startswith(b"QUIT"):
                wire.write(b"221 bye\r\n")
                return
            wire.write(b"354 go on\r\n" if reading else b"250 yes\r\n")


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_by_smtp(listener):
    taken: list[bytes] = []
    server = threading.Thread(target=serve_one_mail, args=(listener, taken), daemon=True)
    server.start()
    mailer = Mailer(config(mail_url=f"smtp://127.0.0.1:{listener.getsockname()[1]}"))
    mailer.send("anna@example.com", "Hello", "Text")
    server.join(5)
    assert read(taken[0])["To"] == "anna@example.com"


def test_a_password_is_not_sent_in_clear(listener):
    taken: list[bytes] = []
    threading.Thread(target=serve_one_mail, args=(listener, taken), daemon=True).start()
    mailer = Mailer(config(mail_url=f"smtp://user:pw@127.0.0.1:{listener.getsockname()[1]}"))
    with pytest.raises(MailFailed):
        mailer.send("anna@example.com", "Hello", "Text")
    assert taken == []


def test_a_server_that_is_away_is_one_kind_of_failure(listener):
    port = listener.getsockname()[1]
    listener.close()
    with pytest.raises(MailFailed):
        Mailer(config(mail_url=f"smtp://127.0.0.1:{port}")).send("a@example.com", "x", "y")
