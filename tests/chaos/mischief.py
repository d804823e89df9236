"""What goes wrong while calls flow: one thing after the other, drawn by the seed."""

from __future__ import annotations

import random
import time
from collections import Counter

from sqlalchemy import select

from core.models import ConnectionRow
from core.store import Store
from core.store.database import utc_now
from tests.chaos.figures import Excuses
from tests.chaos.house import House
from tests.chaos.options import Options
from tests.chaos.orgs import Orgs

WRITES = "composite/graph"


class Mischief:
    """`step` does one thing; the caller paces it."""

    def __init__(self, options: Options, house: House, orgs: Orgs, store: Store) -> None:
        self._options, self._house, self._orgs, self._store = options, house, orgs, store
        self._dice = random.Random(options.seed + 2)
        self._refused = 0
        self.done: dict[str, int] = {}
        self._cut: set[tuple[str, str]] = set()
        """Renewals of tokens, by account and lease, that were going on when a process was killed.
        Salesforce disconnects whoever loses a rotated token, and nobody can help that."""

    def spoil_the_orgs(self) -> None:
        """Faults that strike at random until `calm`."""
        self._orgs.ask("DELETE", f"/faults?seed={self._options.seed}")
        lost = self._options.lost_replies
        for fault in (
            {"kind": "lost_reply", "path": WRITES, "probability": lost},
            {"kind": "lock", "object": "Task", "probability": 0.01},
            {"kind": "hang_after_commit", "path": WRITES, "probability": lost / 8, "seconds": 9},
            {"kind": "hang", "probability": 0.004, "seconds": 9},
            {"kind": "unavailable", "probability": 0.03},
            {"kind": "empty", "probability": 0.01},
            {"kind": "cut", "path": "composite", "probability": 0.01},
            {"kind": "server_error", "probability": 0.01},
            {"kind": "expired_session", "probability": 0.03},
            {"kind": "limit", "probability": 0.003},
            {
                "kind": "error",
                "object": "Task",
                "probability": 0.003,
                "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
                "message": "Not on a Sunday.",
                "status": 400,
            },
        ):
            self._orgs.ask("POST", "/faults", {"times": None, **fault})

    def calm(self) -> None:
        self._refused = sum(
            fault["struck"]
            for fault in self._orgs.ask("GET", "/faults")
            if fault["kind"] == "error"
        )
        self._orgs.ask("DELETE", "/faults")

    @property
    def excuses(self) -> Excuses:
        """After `calm`."""
        return Excuses(self._refused, dict(Counter(account for account, _ in self._cut)))

    def step(self) -> None:
        """One mischief, by weight."""
        deeds = {
            self.kill_worker_process: 5,
            self.kill_supervisor: 2,
            self.kill_portal_process: 3,
            self.kill_portal: 1,
            self.kill_everything: 0.5,
            self.empty_redis: 1,
            self.cut_database: 1,
            self.revoke_access: 0.3,
        }
        wanted = self._options.deeds
        deeds = {deed: deeds[deed] for deed in deeds if not wanted or deed.__name__ in wanted}
        deed = self._dice.choices(list(deeds), list(deeds.values()))[0]
        deed()
        self.done[deed.__name__] = self.done.get(deed.__name__, 0) + 1

    def moment(self) -> float:
        """Seconds from an acknowledgement to the next blow. At once is when a call may be lost;
        a little later it may be written twice, for it is on its way to Salesforce."""
        return self._dice.choice([0.0, self._dice.uniform(0, 1.5)])

    def kill_worker_process(self) -> None:
        self._killing(lambda: self._house.kill_a_child(self._worker(), self._dice))

    def kill_supervisor(self) -> None:
        worker = self._worker()
        if self._house.runs(worker):
            self._killing(lambda: self._house.kill(worker))

    def kill_portal_process(self) -> None:
        self._house.kill_a_child("portal", self._dice)

    def kill_portal(self) -> None:
        if self._house.runs("portal"):
            self._house.kill("portal")

    def kill_everything(self) -> None:
        """As when the machine's power goes."""
        for name in (*self._house.workers, "portal"):
            if self._house.runs(name):
                children = self._house.children(name)
                self._killing(lambda name=name: self._house.kill(name))
                self._killing(lambda children=children: self._house.kill_these(children))

    def empty_redis(self) -> None:
        self._house.restart_redis_empty()

    def cut_database(self) -> None:
        self._house.cut_database()

    def revoke_access(self) -> None:
        self._orgs.revoke(self._dice.choice(self._orgs.accounts))

    def _worker(self) -> str:
        return self._dice.choice(self._house.workers)

    def _killing(self, kill) -> None:
        before = self._renewing()
        kill()
        time.sleep(0.05)
        self._cut |= before | self._renewing()

    def _renewing(self) -> set[tuple[str, str]]:
        """Accounts whose tokens are being renewed at this moment, and under which lease."""
        query = select(ConnectionRow.account_id, ConnectionRow.refresh_lease).where(
            ConnectionRow.refresh_lease != "", ConnectionRow.refresh_lease_until > utc_now()
        )
        with self._store.database.read() as session:
            return {(account, lease) for account, lease in session.execute(query)}
