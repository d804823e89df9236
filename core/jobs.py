"""A job as we take it from RQ: what it may do is listed here, and nothing else of it is looked at.

Whoever reaches Redis writes what they like into a job's hash. RQ imports whatever that names as
function or callback, also under the JSON serializer, calls the webhooks in it, and reads each field
with something that raises. So we read a few fields, each within bounds, and call two or three
functions. With `core.queues` the only file of `core` that knows RQ.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog
from redis import Redis
from rq import Queue
from rq.exceptions import DeserializationError, NoSuchJobError
from rq.job import Job
from rq.utils import str_to_date

from core.json_values import MOST_SENT, count_values

log = structlog.get_logger()

LOG_CALL, LOG_CALLS = "worker.jobs.log_call", "worker.jobs.log_calls"
DELIVER = "worker.jobs.deliver"
ALLOWED = frozenset({LOG_CALL, LOG_CALLS, DELIVER})

LARGEST_JOB = 4 * 1024 * 1024
"""Bytes of a job's function and arguments, packed and unpacked: a kilobyte of zlib may unpack to a
megabyte, and a value in Redis may have half a gigabyte."""

_JOB_ID = re.compile(rb"[A-Za-z0-9_-]{1,255}")
"""RQ's own pattern, with an end."""


class JobNotAllowed(Exception):
    """Somebody enqueued a function that is not ours to run."""


class JobUnreadable(DeserializationError):
    """What a job holds is no job, or too much of it."""


def _between(least: int, most: int) -> Callable[[bytes], None]:
    def read(value: bytes) -> None:
        if not least <= int(value) <= most:
            raise ValueError(value[:20])

    return read


_READ: Mapping[str, Callable[[bytes], object]] = {
    "created_at": str_to_date,
    "enqueued_at": str_to_date,
    "timeout": _between(1, 3600),
    "result_ttl": _between(0, 7 * 86400),
    "failure_ttl": _between(3600, 366 * 86400),
}
"""What of a job counts besides `data`, and what raises when it makes no sense. Instead of such a
value RQ's default is taken. Retries, repeats, dependencies and the rest are not for `calls`: what
fails is looked after by `worker.rescue`."""


class OurJob(Job):
    unreadable: JobUnreadable | None = None

    @property
    def func(self) -> Any:
        if not isinstance(self.func_name, str) or self.func_name not in ALLOWED:
            raise JobNotAllowed(f"{str(self.func_name)[:100]!r} may not run here")
        return super().func

    def refresh(self) -> None:
        """Raises NoSuchJobError also for what is no job: RQ passes it by, rescue finds it."""
        names = ("data", *_READ)
        values = read_fields(self.connection, [(self.key.encode(), name) for name in names])
        self.restore(dict(zip(names, values, strict=True)))

    def restore(self, raw_data: Mapping[str, Any]) -> None:
        data = raw_data.get("data")
        if not isinstance(data, bytes | JobUnreadable):
            raise NoSuchJobError(self.key)
        kept = {name: raw_data.get(name) for name in _READ}
        super().restore({"data": b"", **{k: v for k, v in kept.items() if _makes_sense(k, v)}})
        try:
            self.data = unpacked(data)
        except JobUnreadable as error:
            self.unreadable, self.data = error, b""

    def _deserialize_data(self) -> None:
        if self.unreadable:
            raise self.unreadable
        super()._deserialize_data()  # type: ignore[no-untyped-call]

    def to_dict(self, include_meta: bool = True, include_result: bool = True) -> dict[str, Any]:
        fields: dict[str, Any] = super().to_dict(include_meta, include_result)
        if self.unreadable:
            del fields["data"]  # what was sent stays as it is, for rescue to look at
        return fields


class OurQueue(Queue):
    """Gives out jobs whose ids are ids, and starts no job that waits for another."""

    @classmethod
    def lmove(cls, connection: Redis, queue_key: str, timeout: int | None) -> Any:
        """What RQ could not read stays in the intermediate list, where rescue finds it."""
        while (taken := super().lmove(connection, queue_key, timeout)) and not is_job_id(taken[1]):
            log.warning("no job's id in the queue", queue=queue_key)
        return taken

    def move_dependents_to_ready(self, *_args: Any, **_kwargs: Any) -> dict[str, list[str]]:
        return {}


def is_job_id(entry: bytes) -> bool:
    return _JOB_ID.fullmatch(entry) is not None


def unpacked(data: bytes | JobUnreadable) -> bytes:
    """The function and the arguments in JSON. Raises JobUnreadable."""
    if isinstance(data, JobUnreadable):
        raise data
    with suppress(zlib.error):  # RQ takes what is not packed as it is
        data = zlib.decompressobj().decompress(data, LARGEST_JOB + 1)
    if len(data) > LARGEST_JOB:
        raise _too_large()
    if count_values(data) > MOST_SENT:
        raise JobUnreadable(f"holds more than {MOST_SENT} values")
    return data


def read_fields(
    redis: Redis, places: Sequence[tuple[bytes, str]]
) -> list[bytes | JobUnreadable | None]:
    """Fields of hashes, by key and name; None = not there, or in what is no hash.

    Their sizes are asked for first, so that none takes the memory of whoever reads it.
    """
    sizes = each(redis, [("HSTRLEN", *place) for place in places])
    lengths = [size if isinstance(size, int) else 0 for size in sizes]
    fit = [place for place, length in zip(places, lengths, strict=True) if _fits(length)]
    values = iter(each(redis, [("HGET", *place) for place in fit]))
    read = [next(values) if _fits(length) else length and _too_large() for length in lengths]
    return [one if isinstance(one, bytes | JobUnreadable) else None for one in read]


def _fits(length: int) -> bool:
    return 0 < length <= LARGEST_JOB


def each(redis: Redis, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
    """An answer for each, the server's refusals among them; one journey."""
    with redis.pipeline(transaction=False) as pipeline:
        for command in commands:
            pipeline.execute_command(*command)  # type: ignore[no-untyped-call]
        return list(pipeline.execute(raise_on_error=False))


def _too_large() -> JobUnreadable:
    return JobUnreadable(f"is larger than {LARGEST_JOB // 1024**2} MiB")


def _makes_sense(name: str, value: Any) -> bool:
    try:
        _READ[name](value)
    except Exception:  # whatever RQ's readers come up with
        return False
    return isinstance(value, bytes)
