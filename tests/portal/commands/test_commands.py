"""The operator's commands: accounts, people, keys."""

import pytest
from sqlalchemy import text


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=list(words))


def test_an_account_is_created_once(run, store):
    assert run("account", "create", "new", "New Ltd").exit_code == 0
    assert store.accounts.get("new").name == "New Ltd"
    again = run("account", "create", "new", "Other")
    assert again.exit_code == 1
    assert "already" in again.output


def test_an_account_is_named_as_telephony_and_databases_can(run, store):
    refused = run("account", "create", "new ltd", "New Ltd")
    assert refused.exit_code == 1
    assert "1 to 64 of A-Z" in refused.output
    assert store.accounts.get("new ltd") is None


def test_a_person_joins_an_account(run, store):
    run("person", "add", "Eve@Acme.example", "--account", "acme", "--password", "long-enough-1")
    person = store.accounts.person_by_email("eve@acme.example")
    assert [(one.id, role) for one, role in store.accounts.memberships(person.id)] == [
        ("acme", "owner")
    ]
    unknown = run("person", "add", "x@y.example", "--account", "nobody", "--password", "long-one-1")
    assert unknown.exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        ("no-address", "--password", "long-enough-1"),
        ("a@b.cc,evil", "--password", "long-enough-1"),
        ("new@acme.example", "--password", "short"),
        ("new@acme.example", "--password", "password123"),
        ("owner@acme.example", "--account", "acme", "--password", "long-enough-1"),
        ("owner@acme.example",),
        ("support@acme.example", "--account", "acme"),
    ],
    ids=" ".join,
)
def test_a_person_is_refused_in_words(run, store, words):
    before = [(one.email, one.password_hash, one.is_staff) for one in store.accounts.people()]
    answer = run("person", "add", *words)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")
    after = [(one.email, one.password_hash, one.is_staff) for one in store.accounts.people()]
    assert after == before
    assert [one.email for one, _ in store.members.of("acme")] == [
        "owner@acme.example",
        "member@acme.example",
    ]


def test_a_known_person_joins_one_more_account_and_keeps_the_password(run, store):
    before = store.accounts.person_by_email("owner@acme.example").password_hash
    assert run("person", "add", "Owner@acme.example", "--account", "other").exit_code == 0
    assert store.members.find("other", "owner@acme.example")[0].password_hash == before


def test_staff_are_dismissed_and_taken_back(run, store):
    person = store.accounts.person_by_email("support@acme.example")
    session = store.sessions.begin(person.id, "", "")
    assert "support@acme.example" in run("person", "list").output.splitlines()[0]
    assert "disabled" not in run("person", "list").output
    assert run("person", "disable", "Support@acme.example").exit_code == 0
    assert "disabled" in run("person", "list").output
    assert store.sessions.person(session) is None
    assert run("person", "enable", "support@acme.example").exit_code == 0
    assert store.accounts.person(person.id).disabled_at is None
    for command in ("disable", "enable"):
        assert run("person", command, "nobody@acme.example").exit_code == 1


def test_the_last_owner_who_can_sign_in_stays(run, store):
    answer = run("person", "add", "owner@acme.example", "--account", "acme", "--role", "member")
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: owner@acme.example is the last owner of acme")
    owner, role = store.members.find("acme", "owner@acme.example")
    assert (owner.is_active, role) == (True, "owner")


def test_a_last_owner_who_is_disabled_leaves_an_account_to_mend(run, store):
    answer = run("person", "disable", "owner@acme.example")
    assert answer.exit_code == 0
    assert "acme has no owner now who can sign in" in answer.output
    assert not store.accounts.person_by_email("owner@acme.example").is_active
    assert "no owner" not in run("person", "disable", "member@acme.example").output


def test_who_is_disabled_joins_no_account(run, store):
    run("person", "disable", "member@acme.example")
    answer = run("person", "add", "member@acme.example", "--account", "other")
    assert answer.exit_code == 1
    assert "disabled" in answer.output
    assert store.members.find("other", "member@acme.example") is None


def test_an_issued_key_opens_the_door(run, store):
    key = run("key", "issue", "acme").output.strip()
    assert store.accounts.account_of_key(key) == "acme"
    assert run("key", "issue", "nobody").exit_code == 1


def test_a_lost_second_factor_is_taken_away_with_every_session(run, store):
    person = store.accounts.person_by_email("support@acme.example")
    assert store.factors.is_on(person.id)
    session = store.sessions.begin(person.id, "127.0.0.1", "test")
    assert run("person", "reset-factor", "support@acme.example").exit_code == 0
    assert not store.factors.is_on(person.id)
    assert store.sessions.person(session) is None
    assert run("person", "reset-factor", "nobody@acme.example").exit_code == 1


def test_everything_is_sealed_anew_or_named(run, store):
    store.connections.connected("acme", "access", "refresh", instance_url="https://x")
    done = run("reseal")
    assert done.exit_code == 0
    assert done.output.startswith("Sealed by the first key: ")
    with store.database.write() as session:
        session.execute(text("UPDATE connections SET access_token_sealed = 'of a lost key'"))
    broken = run("reseal")
    assert broken.exit_code == 1
    assert "access_token_sealed" in broken.output
    assert "put the key" in broken.output
