"""Handing a demo call over, through either of telephony's doors."""

from __future__ import annotations

import httpx
from redis.exceptions import RedisError

from core.config import Config
from core.queues import CALLS, open_queue, open_redis
from portal.demo.events import Event
from portal.demo.seed import ACCOUNT

SECONDS = 10


class DoorClosed(Exception):
    """Nobody took the event; the message says who did not answer."""


def through_queue(config: Config, event: Event) -> str:
    """As telephony does with RQ. Returns what to tell the person. Raises DoorClosed."""
    try:
        job = open_queue(CALLS, open_redis(config.redis_url)).enqueue(
            "worker.jobs.log_call", ACCOUNT, event
        )
    except RedisError as error:
        raise DoorClosed(f"Redis does not answer: {type(error).__name__}") from error
    return f"job {job.id} in queue {CALLS}"


def through_http(config: Config, event: Event, key: str) -> str:
    """As telephony does by HTTP. Returns what to tell the person. Raises DoorClosed."""
    address = f"{config.portal_url}/api/calls"
    headers = {"Authorization": f"Bearer {key}"}
    try:
        answer = httpx.post(address, json=event, headers=headers, timeout=SECONDS)
    except httpx.HTTPError as error:
        raise DoorClosed(f"{address} does not answer: {type(error).__name__}") from error
    if answer.status_code not in (200, 202):
        raise DoorClosed(f"{address} answered {answer.status_code}: {answer.text[:200]}")
    return f"{answer.status_code} {answer.text.strip()}"
