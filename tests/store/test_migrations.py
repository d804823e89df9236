"""Migrations that touch rows: what was there before is there afterwards, with what is new."""

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from core.policy import LineRow, OwnField, Policy
from core.store.database import Database
from core.store.policies import Policies

AT = "2026-01-01 00:00:00"
BEFORE = f"""
INSERT INTO accounts (id, name, created_at) VALUES ('acme', 'Acme', '{AT}');
INSERT INTO missed_call_responsibles (id, account_id, external_line, turn)
  VALUES (1, 'acme', '', 0), (2, 'acme', 'site', 5);
INSERT INTO missed_call_users (responsible_id, position, user_id) VALUES (2, 0, '005');
INSERT INTO intake_keys (id, account_id, key_hash, ending, created_at)
  VALUES (1, 'acme', 'hash', 'wxyz', '{AT}');
INSERT INTO setting_changes (id, account_id, at, setting, old, new)
  VALUES (1, 'acme', '{AT}', 'mode', '{{}}', '{{}}'), (2, 'acme', '{AT}', 'mode', '{{}}', '{{}}');
INSERT INTO audit_log (id, account_id, at, action, params, status, times)
  VALUES (1, 'acme', '{AT}', 'key.issued', '{{}}', 0, 1);
"""
LISTS_BEFORE = f"""
INSERT INTO accounts (id, name, created_at) VALUES ('acme', 'Acme', '{AT}');
INSERT INTO policies (account_id, enabled, mode, converted_lead, known_contact_first,
    contact_account_id, closed_opportunity, open_stage, close_in_days, opportunity_name,
    create_on_outgoing, missed_task_due_minutes, default_responsible, phone_fields, region,
    time_zone, language)
  VALUES ('acme', 0, 'leads', 'create', 0, '', 'create', '', 30, '{{client_number}} {{date}}', 0,
    60, '', '["Contact.Phone", "Lead.Fax"]', 'UA', 'Europe/Kyiv', 'ru');
INSERT INTO missed_call_responsibles (id, name, account_id, external_line, turn)
  VALUES (3, 'm', 'acme', 'site', 5);
INSERT INTO missed_call_users (responsible_id, position, user_id)
  VALUES (3, 1, 'a'), (3, 0, 'b');
INSERT INTO sip_lines (account_id, line, user_id)
  VALUES ('acme', '9', '005A'), ('acme', '1', '005B');
INSERT INTO own_fields (account_id, object, field, template, fill_when)
  VALUES ('acme', 'Lead', 'City', '{{line}}', 'every_call');
INSERT INTO excluded_numbers (account_id, number) VALUES ('acme', '+380501112233');
"""
NAMED = {
    "missed_call_responsibles": 2,
    "intake_keys": 1,
    "setting_changes": 2,
    "audit_log": 1,
}


def test_rows_that_are_there_get_names_of_their_own(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'old.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    alembic = Config("alembic.ini")
    command.upgrade(alembic, "0008")
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in BEFORE.split(";")[:-1]:
            connection.execute(text(statement))
    command.upgrade(alembic, "0009")
    with engine.connect() as connection:
        for table, rows in NAMED.items():
            names = list(connection.scalars(text(f"SELECT name FROM {table}")))
            assert len(names) == len(set(names)) == rows
            assert all(len(one) == 22 for one in names)
        assert connection.scalar(text("SELECT count(*) FROM missed_call_users")) == 1
    command.downgrade(alembic, "0008")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT turn FROM missed_call_responsibles")) == 0
    engine.dispose()


def test_rows_of_every_list_are_there_afterwards(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'old.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    alembic = Config("alembic.ini")
    command.upgrade(alembic, "0010")
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in LISTS_BEFORE.split(";")[:-1]:
            connection.execute(text(statement))
    engine.dispose()
    command.upgrade(alembic, "0011")
    database = Database(url)
    policy = Policies(database).get("acme")
    assert policy == Policy(
        missed_calls=(policy.missed_calls[0],),
        lines=(LineRow(line="9", user_id="005A"), LineRow(line="1", user_id="005B")),
        own_fields=(OwnField(object="Lead", field="City", template="{line}", when="every_call"),),
        excluded_numbers=("+380501112233",),
        phone_fields=("Contact.Phone", "Lead.Fax"),
    )
    row = policy.missed_calls[0]
    assert (row.name, row.external_line, row.user_ids, row.turn) == ("m", "site", ("b", "a"), 5)
    database.engine.dispose()
