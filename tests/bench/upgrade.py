"""`python -m tests.bench.upgrade`: the upgrade of a PostgreSQL that is in use, to a queue of its
own and months of calls (0002). Older portals and workers go on meanwhile.

It prints how long it took and how long they waited, after it has made sure that nothing is lost.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Iterator

from dev.guard import Guard
from tests.helpers.databases import administer, migrate
from tests.helpers.servers import start_postgresql
from tests.store.helpers.older import Connection, Writer, connect, fill


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.upgrade", description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--writers", type=int, default=4)
    chosen = parser.parse_args()
    guard = Guard()
    try:
        server = start_postgresql(guard.folder)
        administer(server, "CREATE DATABASE bench")
        url = server.format(name="bench")
        migrate(url, "0001")
        fill(url, chosen.calls)
        for line in trial(url, chosen.writers):
            sys.stdout.write(line + "\n")
    finally:
        guard.close()


def trial(url: str, count: int) -> Iterator[str]:
    """Upgrade a database of revision 0001 while so many write; the figures, line by line."""
    writers = [Writer(url, f"new-{number}") for number in range(count)]
    threads = [threading.Thread(target=writer.run) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        began = time.monotonic()
        migrate(url)
        took = time.monotonic() - began
    finally:
        time.sleep(max(writer.pause for writer in writers))
        for writer, thread in zip(writers, threads, strict=True):
            writer.stop.set()
            thread.join()
    with connect(url) as connection:
        wrong = lost(connection, writers)
    assert not wrong, wrong
    longest = max(writer.longest for writer in writers)
    refused = [one.refused_after for one in writers if one.refused_after is not None]
    yield f"upgraded in {took:.1f} s, while {sum(len(one.keys) for one in writers)} calls came"
    yield f"longest transaction of a writer before the change: {longest:.2f} s"
    yield f"longest wait for its refusal after the change: {max(refused, default=0):.2f} s"
    yield f"writers' other failures: {[one for writer in writers for one in writer.failures]}"


def lost(connection: Connection, writers: list[Writer]) -> dict[str, int]:
    """By what should not be, how often it is."""
    keys = [key for writer in writers for key in writer.keys]
    found = {what: connection.execute(query).fetchone() for what, query in WRONG.items()}
    known = connection.execute("SELECT count(*) FROM calls WHERE call_key = ANY(%s)", (keys,))
    counts = {what: row[0] for what, row in found.items() if row}
    counts["calls that were acknowledged"] = len(keys) - (known.fetchone() or (0,))[0]
    return {what: number for what, number in counts.items() if number}


WRONG = {
    "keys and calls that differ": """
        SELECT count(*) FROM calls c FULL JOIN call_keys k USING (id, received_at)
        WHERE (c.account_id, c.call_key) IS DISTINCT FROM (k.account_id, k.call_key)""",
    "calls on their way and rows of the queue that differ": """
        SELECT count(*) FROM (SELECT * FROM calls WHERE state NOT IN ('done', 'skipped')) c
        FULL JOIN queue q ON q.call_id = c.id
        WHERE (c.received_at, c.account_id, c.number, c.state, c.api_calls)
          IS DISTINCT FROM (q.received_at, q.account_id, q.number, q.state, q.api_calls)""",
    "events that the call tells itself": """
        SELECT count(*) FROM call_events e JOIN calls c ON c.id = e.call_id
        WHERE e.at = c.received_at OR e.state = 'done'""",
    "events lost": """
        SELECT (SELECT count(*) FROM calls WHERE call_key LIKE 'old-%' AND
          (id % 100 = 4 OR state IN ('held', 'attention'))) - (SELECT count(*) FROM call_events)""",
}


if __name__ == "__main__":
    main()
