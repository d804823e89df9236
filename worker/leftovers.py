"""What of telephony's jobs lies about in Redis, and how it is taken out.

Ids are bytes, as Redis has them: whoever put one there need not have put text. Nothing is read
that is larger than a job may be, and no key that is of another type stops anything.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from redis import Redis

from core.jobs import JobUnreadable, each, is_job_id, read_fields, unpacked
from core.queues import CALLS, DELIVERIES, open_queue

FETCHABLE_SECONDS = 3600
"""How long a job that was refused can still be fetched by its id, with the reason."""

TOGETHER = 1024 * 1024
"""Bytes of jobs that are read at once, packed and unpacked; parsed they may take twenty times as
many."""


@dataclass(frozen=True)
class Place:
    """A list or sorted set of a queue, in which jobs get stuck."""

    key: str
    has_ended: bool
    """Whether whatever is there is over; else it may be in hand."""
    find: tuple[Any, ...]
    """The command that lists its first entries."""
    drop: tuple[Any, ...]
    """The command that, followed by an entry, takes it out."""


@dataclass(frozen=True)
class Leftover:
    place: Place
    entry: bytes

    @property
    def job_id(self) -> bytes:
        """In the registry of started ones an execution's id follows."""
        return self.entry.partition(b":")[0] if b":wip:" in self.place.key.encode() else self.entry


def places(redis: Redis, at_most: int) -> list[Place]:
    """The intermediate list of a worker that was killed with a job, what failed, what was started,
    and what waits for another job."""
    found = []
    for name in (CALLS, DELIVERIES):
        queue = open_queue(name, redis)
        found += [
            _sorted_set(queue.failed_job_registry.key, True, at_most),
            _list(queue.intermediate_queue_key, at_most),
            _sorted_set(queue.started_job_registry.key, False, at_most),
            _sorted_set(queue.deferred_job_registry.key, False, at_most),
        ]
    return found


def _list(key: str, at_most: int) -> Place:
    return Place(key, False, ("LRANGE", key, 0, at_most - 1), ("LREM", key, 1))


def _sorted_set(key: str, has_ended: bool, at_most: int) -> Place:
    return Place(key, has_ended, ("ZRANGE", key, 0, at_most - 1), ("ZREM", key))


def find(redis: Redis, places: Sequence[Place]) -> list[Leftover]:
    """The first entries of each; none of a key that is of another type."""
    listed = each(redis, [place.find for place in places])
    return [
        Leftover(place, entry)
        for place, entries in zip(places, listed, strict=True)
        if isinstance(entries, list)
        for entry in entries
    ]


def contents(redis: Redis, leftovers: Sequence[Leftover]) -> list[bytes | JobUnreadable | None]:
    """What each of the first ones carries, unpacked; None = there is no such job any more.

    One in any case, and more as long as they are no larger than TOGETHER."""
    keys = [_job_key(one.job_id) for one in leftovers]
    kinds = each(redis, [("TYPE", key) for key in keys])
    sizes = each(redis, [("HSTRLEN", key, "data") for key in keys])
    sums = accumulate(size if isinstance(size, int) else 0 for size in sizes)
    fit = keys[: max(1, bisect_right(list(sums), TOGETHER))]
    read = read_fields(redis, [(key, "data") for key in fit])
    found, size = list[bytes | JobUnreadable | None](), 0
    for one, kind, packed in zip(leftovers, kinds, read, strict=False):
        data = _unpacked(_misplaced(one, kind, packed))
        size += len(data) if isinstance(data, bytes) else 0
        if found and size > TOGETHER:
            break
        found.append(data)
    return found


def _unpacked(data: bytes | JobUnreadable | None) -> bytes | JobUnreadable | None:
    try:
        return None if data is None else unpacked(data)
    except JobUnreadable as error:
        return error


def _misplaced(
    one: Leftover, kind: bytes, data: bytes | JobUnreadable | None
) -> bytes | JobUnreadable | None:
    if not is_job_id(one.job_id):
        return JobUnreadable(f"has {one.job_id[:100]!r} for its id")
    if kind not in (b"none", b"hash"):
        return JobUnreadable(f"is a {kind.decode()} in Redis")
    return data


def take_out(
    redis: Redis, leftovers: Iterable[Leftover], is_done: Callable[[Leftover], bool]
) -> None:
    """Out of where they were found. What was done goes altogether, the rest in an hour."""
    commands: list[tuple[Any, ...]] = []
    for one in leftovers:
        commands.append((*one.place.drop, one.entry))
        job, results = _job_key(one.job_id), b"rq:results:" + one.job_id
        spare = (job + b":dependents", b"rq:executions:" + one.job_id)
        if is_done(one) or not is_job_id(one.job_id):
            commands.append(("DEL", job, results, *spare))
        else:
            commands.append(("HSET", job, "status", "failed"))
            commands += [("EXPIRE", key, FETCHABLE_SECONDS) for key in (job, results)]
            commands.append(("DEL", *spare))
    each(redis, commands)


def _job_key(job_id: bytes) -> bytes:
    return b"rq:job:" + job_id
