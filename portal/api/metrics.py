"""What Prometheus reads: counters that workers keep in the database, and the ledger's state now."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from core.store import Store
from core.store.counters import (
    API_CALLS,
    API_SECONDS,
    BEYOND,
    BUCKETS,
    CALLS,
    FAILED_REFRESHES,
    LATENCY,
    REFRESHES,
)
from core.store.database import utc_now

HISTOGRAMS = {
    LATENCY: ("unitalk_delivery_seconds", "From the hand-over of a call to its Task in Salesforce"),
    API_SECONDS: ("unitalk_api_request_seconds", "What a request to Salesforce took"),
}


def exposition(store: Store) -> bytes:
    """The metrics in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Ledger(store))
    return generate_latest(registry)


class _Ledger(Collector):
    def __init__(self, store: Store) -> None:
        self._store = store

    def describe(self) -> Iterable[Metric]:
        return []  # so that registering asks the database nothing

    def collect(self) -> Iterable[Metric]:
        counters = self._store.counters.all()
        yield _calls(counters.get(CALLS, {}))
        yield _single("unitalk_api_calls", "API calls sent to Salesforce", counters, API_CALLS)
        yield _single("unitalk_token_renewals", "Connections renewed", counters, REFRESHES)
        yield _single(
            "unitalk_token_renewals_failed", "Renewals that failed", counters, FAILED_REFRESHES
        )
        for name, words in HISTOGRAMS.items():
            yield _histogram(words, BUCKETS[name], counters.get(name, {}))
        yield _open_calls(self._store)
        yield _oldest(self._store)
        yield _connections(self._store)


def _calls(counted: dict[str, float]) -> Metric:
    family = CounterMetricFamily(
        "unitalk_calls_settled", "Each time a call reached a state", labels=["state", "reason"]
    )
    for label, value in counted.items():
        state, _, reason = label.partition(" ")
        family.add_metric([state, reason], value)
    return family


def _single(name: str, words: str, counters: dict[str, dict[str, float]], counter: str) -> Metric:
    return CounterMetricFamily(name, words, value=sum(counters.get(counter, {}).values()))


def _histogram(
    words: tuple[str, str], buckets: Iterable[float], counted: dict[str, float]
) -> Metric:
    bounds = [*map(str, buckets), BEYOND]
    totals = accumulate(counted.get(bound, 0) for bound in bounds)
    family = HistogramMetricFamily(*words)
    family.add_metric([], list(zip(bounds, totals, strict=True)), counted.get("sum", 0))
    return family


def _open_calls(store: Store) -> Metric:
    family = GaugeMetricFamily("unitalk_calls", "Calls not settled yet", labels=["state"])
    for state, number in store.deliveries.counts().items():
        family.add_metric([state], number)
    return family


def _oldest(store: Store) -> Metric:
    oldest = store.deliveries.oldest_waiting()
    age = (utc_now() - oldest).total_seconds() if oldest else 0
    return GaugeMetricFamily(
        "unitalk_oldest_waiting_seconds", "Age of the oldest call that waits", value=age
    )


def _connections(store: Store) -> Metric:
    family = GaugeMetricFamily("unitalk_connections", "Connections by state", labels=["state"])
    for state, number in store.connections.counts().items():
        family.add_metric([state], number)
    return family
