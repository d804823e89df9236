"""A wrong environment is refused by the variable's name, and nothing of its value is told."""

import os
import subprocess
import sys
import traceback

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from core import ROOT, addresses
from core.config import Config, ConfigError, read_config

CANARY = "S3cret"
KEY = Fernet.generate_key().decode()
RIGHT = {
    "DATABASE_URL": "sqlite:///x.db",
    "REDIS_URL": "unix:///x.sock",
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "TOKEN_KEYS": KEY,
    "PORTAL_URL": "https://portal.example.com",
    "SALESFORCE_CLIENT_ID": "id",
    "SALESFORCE_CLIENT_SECRET": "secret",
    "MAIL_URL": "smtps://mail.example.com",
}
VARIABLES = sorted(name.upper() for name in Config.model_fields)
OF_ORIGINS = (
    "S3cret", "ftp://S3cret", "https://", "https://u:S3cret@h", "https://S3cret/x/y",
    "https://h:S3cret", "https://h:0", "https://h:99999", "https://S3cret h", "https://[S3cret",
    "https://h?S3cret", "https://h#S3cret", "https://S3cret\uff03h", "http://S3cret",
    "https://S3cret\\@h", "https://приклад.S3cret", "https://S3cret?", "https://S3cret#",
    "https://S3cret:", "https://S3cret:/", "https://@S3cret", "HTTP://S3cret",
)  # fmt: skip
OF_PASSWORDS = (
    "{scheme}://:S3cret/x@127.0.0.1:6379/0", "{scheme}://u:S3cret#x@h/0", "{scheme}://u:p@h:S3cret",
    "{scheme}://u:S3cret?x@h/0", "{scheme}://S3cret/x@h:1/0", "{scheme}://u:p@S3 cret/0",
    "{scheme}://u:S3cret@[h/0", "{scheme}://u:S3cret@h:99999/0", "{scheme}:S3cret", "S3cret",
    "{scheme}://", "S3cret://u:p@h/0", "{scheme}://u:p@h/0#S3cret", "{scheme}://u:S3cret\\x@h/0",
)  # fmt: skip
NUMBERS = ("S3cret", "1S3cret", "1 S3cret", "-1", "1e99999", "nan", "inf", "1" * 5000)


def as_(scheme: str, *more: str) -> tuple[str, ...]:
    return (*(one.format(scheme=scheme) for one in OF_PASSWORDS), *more)


WRONG = {
    "DATABASE_URL": (
        "S3cret", "postgresql://S3cret/x@h:1/x", "postgresql://u:p@h:S3cret/x", "postgresql:S3cret",
        "postgresql://u:p@h/x#S3cret", "postgresql://u:S3cret@[h/x", "postgresql://S3cret",
        "postgresql://u:S3cret@h:99999/x", "postgresql://u:p@S3 cret/x", "sqlite://",
        "postgresql://u:S3cret@h:0/x", "postgresql://u:S3@cret@h/x", "postgresql://h/x?S3cret=1",
        "postgresql://h/x?port=S3cret", "postgresql://h/x?sslmode=S3cret", "mysql://u:S3cret@h/x",
        *(
            f"postgresql://h/x?{one}=S3cret"
            for one in (
                "connect_timeout", "tcp_user_timeout", "keepalives", "keepalives_idle", "sslsni",
                "keepalives_interval", "keepalives_count", "target_session_attrs", "hostaddr",
                "channel_binding", "client_encoding", "gssencmode", "sslcertmode", "sslnegotiation",
                "load_balance_hosts", "ssl_min_protocol_version",
            )
        ),
        "postgresql://h/x?connect_timeout=1e3S3cret", "postgresql://h/x?hostaddr=10.0.0.1,S3cret",
        "sqlite://S3cret/x", "sqlite:///x.db?timeout=S3cret", "postgresql+psycopg2://S3cret@h/x",
    ),
    "REDIS_URL": as_(
        "redis", "redis://h/S3cret", "redis://h/0?socket_timeout=S3cret", "redis://h/0?S3cret=1",
        "rediss://h/0?ssl_cert_reqs=S3cret", "unix://S3cret", "redis://h/0?db=S3cret",
        "redis://h/0?encoding=S3cret", "redis://h/0?retry_on_error=S3cret",
        "redis://h/0?retry=S3cret", "unix:///S3cret?credential_provider=S3cret",
    ),
    "SECRET_KEY": ("S3cret",),
    "TOKEN_KEYS": (
        "S3cret", f"{KEY},S3cret", f"{KEY},", f"{KEY[:-1]}é", "S3cret" * 8,
        f"{KEY};{KEY}", f"{KEY}{KEY}",
    ),
    "PORTAL_URL": OF_ORIGINS,
    "SALESFORCE_CLIENT_ID": ("S3cretключ", "S3cret x"),
    "SALESFORCE_CLIENT_SECRET": ("S3cretключ", "S3cret x"),
    "SALESFORCE_LOGIN_URL": (*OF_ORIGINS, "https://S3cret.example.com", "https://x.lightning.force.com"),
    "PACKAGE_URL": ("javascript:S3cret", "S3cret", "https://u:S3cret@h/x", "http://S3cret/x"),
    "OUTGOING_ADDRESSES": (
        "S3cret", "203.0.113.7,S3cret", "203.0.113.7,", "203.0.113.7 203.0.113.8", "203.0.113.256",
        "203.0.113.7/24", "203.0.113.0/33", "2001:db8::/129", "203.0.113", "https://203.0.113.7",
    ),
    "MAIL_URL": as_(
        "smtp", "smtps://u:S3cretпароль@h", "smtps://u:S3cret%C3%A9@h", "smtp://h/S3cret",
        "smtp://:S3cret@h",
    ),
    "MAIL_FROM": (
        "S3cret", "S3cret <x>", "S3cret@", "a@b.example, S3cret@b.example", "<S3cret",
        "S3cret@@b.cc",
        '"S3cret', "S3cret\\ <@>",
    ),
    "ADMIN_KEY": ("S3cret", "S3cret" * 8 + "é", "S3cret " * 8),
    "METRICS_KEY": ("S3cret", "S3cret" * 8 + "é", "S3cret " * 8),
    "TRUSTED_PROXIES": NUMBERS,
    "WORKERS": (*NUMBERS, "0"),
    "LEASE_SECONDS": (*NUMBERS, "2", "999999999999"),
    "SWEEP_SECONDS": (*NUMBERS, "0"),
    "DEMO": ("S3cret", "2"),
}  # fmt: skip
ANY_TEXT = ("MAIL_FOLDER",)
BYTES = (b"S3cret\xff".decode(errors="surrogateescape"), "S3\x1bcret", "S3cret\nx")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in RIGHT.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def refusal() -> str:
    """All that anybody can get out of it, the errors it hangs on among them."""
    with pytest.raises(ConfigError) as caught:
        read_config()
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    return "".join([*traceback.format_exception(error), repr(error), str(error)])


def test_every_variable_can_be_wrong():
    assert sorted([*WRONG, *ANY_TEXT]) == VARIABLES


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_refused_by_its_name(environment: pytest.MonkeyPatch, name: str):
    for value in (*WRONG[name], *BYTES):
        environment.setenv(name, value)
        said = refusal()
        assert f"\n  {name}: " in said, value
        for part in (CANARY, CANARY.lower(), "cret"):
            assert part not in said, value


@pytest.mark.parametrize("value", BYTES)
def test_no_variable_holds_what_is_no_text(environment: pytest.MonkeyPatch, value: str):
    for name in VARIABLES:
        environment.setenv(name, value)
    said = refusal()
    assert all(f"\n  {name}: " in said for name in VARIABLES)
    assert "cret" not in said


def test_white_space_around_a_value_is_none_of_it(environment: pytest.MonkeyPatch):
    for name, value in RIGHT.items():
        environment.setenv(name, f" {value}\r\n")
    found = read_config()
    assert {name: getattr(found, name.lower()) for name in RIGHT} == RIGHT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://u:p%2F@db_1/x?sslmode=verify-full"),
        ("DATABASE_URL", "postgresql+psycopg://u@/x?host=/var/run/postgresql"),
        ("DATABASE_URL", "postgresql://u:p@[::1]:5433/x?application_name=x"),
        ("DATABASE_URL", "postgresql://u:p@/x?host=a:5432&host=b:5433&target_session_attrs=any"),
        ("DATABASE_URL", "postgresql://h/x?hostaddr=10.0.0.1,::1&connect_timeout=5&keepalives=1"),
        ("DATABASE_URL", "postgresql://h/x?client_encoding=UTF8&channel_binding=require"),
        ("DATABASE_URL", "sqlite:////var/lib/a folder/x.db"),
        ("REDIS_URL", "rediss://:p%2F%23@r.internal:6380/1?ssl_cert_reqs=required"),
        ("REDIS_URL", "redis://r"),
        ("REDIS_URL", "unix:///run/valkey.sock?db=1&password=p"),
        ("PORTAL_URL", "https://10.0.0.7:8443"),
        ("PORTAL_URL", "http://[::1]:8000"),
        ("SALESFORCE_LOGIN_URL", "https://acme.my.salesforce.com"),
        ("OUTGOING_ADDRESSES", "203.0.113.7, 198.51.100.0/24,2001:db8::/48"),
        ("MAIL_URL", "smtp://user%40acme.example:p%2Fw@mail-1.internal:587"),
        ("MAIL_FROM", "no-reply@acme.example"),
        ("MAIL_FROM", "Юнитолк, звонки <no-reply@acme.example>".replace(",", "")),
        ("MAIL_FROM", '"UniTalk, Inc." <no-reply@acme.example>'),
    ],
)
def test_what_is_right_is_taken(environment: pytest.MonkeyPatch, name: str, value: str):
    environment.setenv(name, value)
    assert getattr(read_config(), name.lower()) == value


@pytest.mark.parametrize(
    ("value", "origin"),
    [
        ("HTTPS://Portal.Example.com/", "https://portal.example.com"),
        ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_an_origin_is_as_browsers_spell_it(
    environment: pytest.MonkeyPatch, value: str, origin: str
):
    environment.setenv("PORTAL_URL", value)
    assert read_config().portal_url == origin
    assert read_config().secure


def test_a_config_shows_no_secret(environment: pytest.MonkeyPatch):
    for name in ("SECRET_KEY", "SALESFORCE_CLIENT_SECRET", "ADMIN_KEY", "METRICS_KEY"):
        environment.setenv(name, CANARY * 6)
    environment.setenv("DATABASE_URL", "postgresql://u:S3cret@h/x")
    environment.setenv("REDIS_URL", "redis://:S3cret@h")
    environment.setenv("MAIL_URL", "smtps://u:S3cret@h")
    assert CANARY not in repr(read_config())


READERS = (
    addresses.database, addresses.redis, addresses.origin, addresses.login_origin, addresses.page,
    addresses.mail_server, addresses.sender, addresses.fernet_keys, addresses.key, addresses.text,
)  # fmt: skip
SCHEMES = ("", "redis://", "unix:///", "postgresql://", "sqlite:///", "https://", "smtp://", "a <")
PIECES = st.text() | st.sampled_from(["@", ":", "/", "?", "#", "%", "[", "]", "<", ">", '"', "h"])


@given(st.sampled_from(SCHEMES), st.lists(PIECES, max_size=8))
def test_any_text_is_read_or_refused_in_the_same_words(scheme: str, pieces: list[str]):
    for read in READERS:
        try:
            read(scheme + "".join(pieces))
        except ValueError as refused:
            assert str(refused) in said_by(read)
            assert refused.__context__ is None


def said_by(read: object) -> list[str]:
    """The sentences in its code; nothing else can be told."""
    code = read.__code__
    constants = [*code.co_consts, *addresses._sqlite.__code__.co_consts]
    plain = [one for one in constants if isinstance(one, str)]
    if read is addresses.login_origin:
        plain += said_by(addresses.origin)
    return plain + [f"{one}{addresses._ADVICE}" for one in plain]


STARTS = {
    "portal": ["-m", "gunicorn", "--no-control-socket", "--bind=127.0.0.1:0", "wsgi:app"],
    "worker": ["-m", "worker"],
    "one worker process": ["-m", "worker", "run", "deliveries"],
    "command": ["-m", "flask", "--app", "wsgi", "person", "list"],
    "migrations": ["-m", "alembic", "upgrade", "head"],
}  # fmt: skip


@pytest.mark.parametrize("start", STARTS)
def test_nothing_starts_with_it_and_the_output_tells_no_value(start: str, tmp_path):
    variables = {name: values[0] for name, values in WRONG.items()}
    variables["REDIS_URL"] = "redis://:S3cret/x@127.0.0.1:6379/0"
    done = subprocess.run(
        [sys.executable, *STARTS[start]],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert CANARY not in said
    named = ["DATABASE_URL"] if start == "migrations" else WRONG
    assert [name for name in named if f"{name}" not in said] == []
