"""One account's backlog: how fast it is written, what it costs, beside the peer's."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.bench import LATENCY, Bench
from tests.bench.figures import Figure
from tests.bench.runs import PEERS, Run, ms, run_ours, run_peer

RATIO, SHARE = 75, 70
"""Aims: times the peer; per cent of what the round trips allow."""


def backlog(bench: Bench) -> Iterator[Figure]:
    scale = bench.scale
    runs = {}
    for latency in scale.latencies:
        ours = run_ours(bench, scale.sizes[0], latency)
        peers = [run_peer(bench, place, latency) for place in range(len(PEERS))]
        yield from side_by_side(ours, peers, f"{scale.sizes[0]:,} calls, org at {ms(latency)}")
        if latency == LATENCY:
            runs[scale.sizes[0]] = ours
            yield from costs(ours, peers)
    for size in scale.sizes[1:]:
        runs[size] = run_ours(bench, size, LATENCY)
        name = f"{size:,} calls, org at {ms(LATENCY)}"
        yield Figure(f"backlog of {name}", runs[size].rate, "calls/s")
        yield Figure("… of the limit of the round trips", runs[size].share, "%", least=SHARE)
    for size, run in runs.items():
        yield Figure(f"memory of a deliverer, {size:,} waiting", run.memory, "MiB")
    if len(runs) > 1:
        sizes = [run.memory for run in runs.values()]
        more = (sizes[-1] / sizes[0] - 1) * 100
        yield Figure("… more than with the fewest", more, "%", most=10)
    if scale.sqlite:
        run = run_ours(bench, scale.sizes[0], LATENCY, "SQLite")
        name = f"{scale.sizes[0]:,} calls, org at {ms(LATENCY)}, SQLite"
        yield Figure(f"backlog of {name}", run.rate, "calls/s")


def side_by_side(ours: Run, peers: list[Run], name: str) -> Iterator[Figure]:
    # What is aimed at is what the peer would be with our latency; without one it is not.
    aimed = f"org at {ms(LATENCY)}" in name
    rates = tuple(peer.rate for peer in peers)
    yield Figure(f"backlog of {name}", ours.rate, "calls/s", rates)
    times = ours.rate / rates[0]
    yield Figure("… times the default worker", times, "×", least=RATIO if aimed else None)
    share = SHARE if aimed else None
    yield Figure("… of the limit of the round trips", ours.share, "%", least=share)


def costs(ours: Run, peers: list[Run]) -> Iterator[Figure]:
    yield Figure(
        "API calls a call, backlog", ours.api_calls, peers=tuple(one.api_calls for one in peers)
    )
    yield Figure("statements a call, backlog", ours.asked["statements"], most=1)
    yield Figure("commits a call, backlog", ours.asked["commits"])
    for name, title in (("worker", "worker"), ("postgresql", "PostgreSQL"), ("org", "thin org")):
        yield Figure(
            f"processor per 1,000 calls, {title}",
            ours.cpu_ms[name],
            "s",
            tuple(one.cpu_ms[name] for one in peers if name != "postgresql"),
        )
    yield Figure("memory of a process", ours.memory, "MiB", tuple(one.memory for one in peers))
