"""The mistake: a call is acknowledged first and written down a moment later.

`gunicorn tests.chaos.broken.late_ledger:create` and `python -m tests.chaos.broken.late_ledger`.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from flask import Flask

from core.config import read_config
from core.store import Store
from core.store.ledger import Ledger
from core.store.new_calls import NewCall
from portal import create_app
from tests.chaos.options import LATE
from worker.__main__ import compose, main


class LateLedger(Ledger):
    """Says yes, then writes."""

    def add_all(self, account_id: str, calls: Sequence[NewCall]) -> set[str]:
        threading.Thread(target=self._add_later, args=(account_id, calls)).start()
        return {one.call.key for one in calls}

    def _add_later(self, account_id: str, calls: Sequence[NewCall]) -> None:
        time.sleep(LATE)
        super().add_all(account_id, calls)


def spoil(store: Store) -> Store:
    store.ledger = LateLedger(store.database)
    return store


def create() -> Flask:
    config = read_config()
    return create_app(config, spoil(Store(config.database_url, config.token_keys)))


def composed(config: Any) -> Any:
    runtime = compose(config)
    spoil(runtime.store)
    return runtime


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], composed, "tests.chaos.broken.late_ledger"))
