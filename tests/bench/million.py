"""A ledger of a million calls: a lone call beside one in a small ledger, and two pages."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
from sqlalchemy import inspect, text

from core.store import Store
from portal.signin.passwords import hash_password
from tests.bench.accounts import furnish
from tests.bench.bench import LATENCY, Bench
from tests.bench.cost import spending
from tests.bench.figures import Figure, percentile
from tests.bench.lone import costing, working
from tests.bench.peer import ACCOUNT

PASSWORD = "correct horse battery staple"
MADE = {
    "id": "-i",
    "public_id": "md5(i::text || 'made')::varchar(22)",
    "call_key": "'made' || i",
    "number": "'+38067' || lpad((i % 500000)::text, 7, '0')",
    "started_at": "one.started_at - i * interval '20 seconds'",
    "received_at": "one.received_at - i * interval '1 microsecond'",
}
"""What differs from call to call. The moment of receipt hardly does: where calls are kept by month
of receipt, it is a month that there is."""


def million(bench: Bench) -> Iterator[Figure]:
    """One call is written by the product; the others are made from its row."""
    costs, medians = [], []
    for rows in bench.scale.rows:
        with bench.house.fresh(latency=LATENCY) as store:
            furnish(bench.house, store, [ACCOUNT])
            with working(bench):
                pass
            bench.say(f"making {rows:,} calls")
            size = multiply(store, rows)
            with working(bench) as worker:
                idle, spent, seconds = costing(bench, worker, bench.scale.lone)
            written = bench.house.ask_org(f"/{ACCOUNT}?brief")["count"]
            bench.check_org(f"lone calls among {rows:,}", ACCOUNT, written)
            each = {n: one / bench.scale.lone * 1000 for n, one in spent.less(idle).items()}
            costs.append(sum(each.values()))
            medians.append(percentile(seconds, 0.5) * 1000)
            yield Figure(f"lone call, {rows:,} rows in `calls`, p50", medians[-1], "ms")
            yield Figure("… processor, worker and PostgreSQL", costs[-1], "ms")
            if rows == max(bench.scale.rows):
                yield Figure("a row of `calls` with its indexes", size, "bytes")
                yield from pages(bench, store, rows)
    if len(costs) > 1:
        more = (costs[-1] / costs[0] - 1) * 100
        yield Figure("… more than in the small ledger", more, "%", most=10)


def multiply(store: Store, rows: int) -> float:
    """So many more rows like that of the newest call, with whatever columns the table has. Returns
    the bytes that each takes, indexes included."""
    before = _size(store)
    table = inspect(store.database.engine).get_columns("calls")
    columns = [one["name"] for one in table]
    values = [MADE.get(name, f"one.{name}") for name in columns]
    statement = (
        f"INSERT INTO calls ({', '.join(columns)}) SELECT {', '.join(values)}"
        " FROM (SELECT * FROM calls ORDER BY id DESC LIMIT 1) AS one,"
        f" generate_series(1, {rows}) AS i"
    )
    with store.database.write() as session:
        session.execute(text(statement))
    with store.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    return (_size(store) - before) / rows


def _size(store: Store) -> int:
    """Bytes of the database."""
    with store.database.read() as session:
        return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def pages(bench: Bench, store: Store, rows: int) -> Iterator[Figure]:
    house = bench.house
    person = store.accounts.add_person("owner@bench.example", "Owner", hash_password(PASSWORD))
    store.accounts.join(ACCOUNT, person.id, "owner")
    portal = house.start_portal()
    house.start_bare()
    bare, _ = timed(house.bare_url, "/", {}, bench.scale.pages)
    with httpx.Client(base_url=house.portal_url, follow_redirects=True) as browser:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/sign-in").text)
        assert token
        form = {"csrf_token": token[1], "email": "owner@bench.example", "password": PASSWORD}
        home = str(browser.post("/sign-in", data=form).url)
        account = re.search(r"/a/[^/]+", home)
        assert account, home
        cookies = {"Cookie": "; ".join(f"{n}={v}" for n, v in browser.cookies.items())}
    for name, path in (("settings page", "salesforce"), ("journal", "calls")):
        bench.say(f"{name}, {rows:,} calls")
        address = f"{account[0]}/{path}"
        timed(house.portal_url, address, cookies, 5)
        with spending(portal=portal, postgresql=house.postgresql()) as spent:
            took, size = timed(house.portal_url, address, cookies, bench.scale.pages)
        bench.say(f"{name}: {size:,} bytes")
        yield Figure(f"{name}, {rows:,} calls (peer: bare page), p50", took, "ms", (bare,))
        cpu = sum(spent.by_name.values()) / bench.scale.pages * 1000
        yield Figure("… processor, portal and PostgreSQL", cpu, "ms")


def timed(url: str, path: str, headers: dict[str, str], times: int) -> tuple[float, int]:
    """Milliseconds of the median, and bytes, of one page over one connection."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, 60)
    seconds, size = [], 0
    for _ in range(times):
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        size = len(answer.read())
        seconds.append(time.perf_counter() - began)
        assert answer.status == 200, f"{path}: {answer.status} {answer.headers.get('Location')}"
    connection.close()
    return percentile(seconds, 0.5) * 1000, size
