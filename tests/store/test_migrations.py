"""Migrations that touch rows: what was there before is there afterwards, with what is new."""

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

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
