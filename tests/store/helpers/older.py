"""The version before the queue had a table of its own, as PostgreSQL saw it: revision 0001."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import psycopg
from sqlalchemy import make_url

Connection = psycopg.Connection[tuple[int, ...]]


def connect(url: str) -> Connection:
    """A connection of the driver, for an address of SQLAlchemy."""
    plain = make_url(url).set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False))


def fill(url: str, calls: int) -> None:
    """So many calls of one account. Of a hundred, one waits, one is held and one needs attention;
    one of the others was tried twice. Each has the history that this version wrote."""
    with connect(url) as connection:
        connection.execute(ACCOUNT)
        connection.execute(CALLS, {"calls": calls})
        connection.execute(EVENTS)
    with connect(url) as connection:
        connection.autocommit = True
        connection.execute("ANALYZE")


@dataclass
class Writer:
    """A portal and a worker of this version: takes a call in, claims it, writes it down as done.

    Goes on until its statements meet another schema, or until told to stop.
    """

    url: str
    name: str
    pause: float = 0.01
    """Seconds between two calls."""
    keys: list[str] = field(default_factory=list)
    """Of calls whose hand-over was acknowledged."""
    longest: float = 0.0
    """Seconds: the longest transaction that went well."""
    refused_after: float | None = None
    """Seconds that it waited for the refusal which ended it."""
    failures: list[str] = field(default_factory=list)
    """What else went wrong."""
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        with connect(self.url) as connection:
            while self.refused_after is None and not self.stop.wait(self.pause):
                self._one_call(connection, f"{self.name}-{len(self.keys)}")

    def _one_call(self, connection: Connection, key: str) -> None:
        began = time.monotonic()
        try:
            for step in (TAKE_IN, CLAIM, SETTLE):
                began = time.monotonic()
                with connection.transaction():
                    for statement in step:
                        connection.execute(statement, {"key": key})
                self.longest = max(self.longest, time.monotonic() - began)
                if step is TAKE_IN:
                    self.keys.append(key)
        except (psycopg.errors.UndefinedColumn, psycopg.errors.FeatureNotSupported):
            self.refused_after = time.monotonic() - began
        except psycopg.Error as error:
            self.failures.append(type(error).__name__)


ACCOUNT = "INSERT INTO accounts VALUES ('acme', 'acme', 'Acme', now())"
_COLUMNS = """
INSERT INTO calls (public_id, account_id, call_key, number, line, unmapped_line, reason_code,
  received_at, started_at, due_at, finished_at, direction, answered, external_line, state, lease,
  event, lessons, reason_params, trace, written, attempts, api_calls, batch)
"""
CALLS = f"""{_COLUMNS}
SELECT 'p' || i, 'acme', 'old-' || i, '+3805' || (10000000 + i %% 50000), '101', '', '', at, at, at,
  CASE WHEN state = 'done' THEN at + interval '2 seconds' END, 'IN', true, '', state, '',
  json_build_object('event', 'CALL_END', 'padding', repeat('x', 300)), '{{}}', '{{}}',
  json_build_object('steps', repeat('y', 300)), '{{}}', 1, 3, 1
FROM (SELECT i, now() - interval '1 second' * (%(calls)s - i) AS at,
  CASE i %% 100 WHEN 1 THEN 'waiting' WHEN 2 THEN 'held' WHEN 3 THEN 'attention' ELSE 'done' END
  AS state FROM generate_series(1, %(calls)s) AS i) AS one
"""
EVENTS = """
INSERT INTO call_events (call_id, at, state, reason_code, reason_params)
SELECT id, at, one.state, reason, '{}' FROM calls CROSS JOIN LATERAL (VALUES
  ('waiting', '', received_at, true),
  ('retry', 'away', received_at + interval '1 second', id % 100 = 4),
  (calls.state, '', received_at + interval '2 seconds', calls.state <> 'waiting')
) AS one (state, reason, at, told) WHERE told ORDER BY id, at
"""
_TELL = """
INSERT INTO call_events (call_id, at, state, reason_code, reason_params)
SELECT id, now(), state, '', '{}' FROM calls WHERE account_id = 'acme' AND call_key = %(key)s
"""
_LEASE = "SELECT token FROM delivery_leases WHERE account_id = 'acme' FOR UPDATE"
TAKE_IN = (
    "SELECT pg_advisory_xact_lock(hashtextextended(%(key)s, 0))",
    f"""{_COLUMNS}
    VALUES (left(%(key)s, 22), 'acme', %(key)s, '+380501112233', '101', '', '', now(), now(),
      now(), NULL, 'IN', true, '', 'waiting', '', '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', 0, 0, 0)
    ON CONFLICT (account_id, call_key) DO NOTHING""",
    _TELL,
)
CLAIM = (
    _LEASE,
    """UPDATE calls SET state = 'delivering', lease = 'x', due_at = now() + interval '1 minute',
      attempts = attempts + 1 WHERE account_id = 'acme' AND call_key = %(key)s""",
)
SETTLE = (
    """UPDATE calls SET state = 'done', lease = '', finished_at = now(), api_calls = 3
      WHERE account_id = 'acme' AND call_key = %(key)s""",
    _TELL,
)
