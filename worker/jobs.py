"""The functions that RQ jobs name."""

from __future__ import annotations

from typing import Any

from core.intake import accept, accept_list
from worker.runtime import get_deliverers, get_runtime


def log_call(account_id: str, event: dict[str, Any]) -> str:
    """Telephony's door: `queue.enqueue("worker.jobs.log_call", account_id, event)`.

    Returns `accepted`, `known` or `not_final`.

    Raises:
        UnknownAccount, BadEvent: the job fails, saying why. It can be fetched for an hour.
    """
    runtime = get_runtime()
    return accept(runtime.store, runtime.waker, account_id, event).value


def log_calls(account_id: str, events: list[dict[str, Any]]) -> list[str]:
    """The same for a list, as one job. Returns the answers in its order.

    Raises:
        UnknownAccount: as above.
        BadEvent: when one event or more were refused; the good ones are taken all the same.
    """
    runtime = get_runtime()
    return [one.value for one in accept_list(runtime.store, runtime.waker, account_id, events)]


def deliver(account_id: str) -> None:
    """A wake-up: this account has waiting calls. Over at once: the deliverers write them."""
    if get_runtime().waker.begun(account_id):
        get_deliverers().offer(account_id)
