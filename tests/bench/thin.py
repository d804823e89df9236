"""The thin org by itself: what a request costs it, so that nobody takes it for what is measured."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator

from tests.bench.bench import Bench
from tests.bench.cost import spending
from tests.bench.figures import Figure

REQUESTS = 2_000


def thin(bench: Bench) -> Iterator[Figure]:
    with bench.house.fresh(latency=0):
        host = bench.house.org_url.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=60)
        began = time.monotonic()
        with spending(org=bench.house.org()) as spent:
            for _ in range(REQUESTS):
                connection.request("GET", "/services/data")
                connection.getresponse().read()
        rate = REQUESTS / (time.monotonic() - began)
        connection.close()
    yield Figure("thin org, requests that do nothing, one connection", rate, "a second")
    yield Figure("… its processor", spent.by_name["org"] / REQUESTS * 1000, "ms each")
