"""What goes wrong while calls flow: one thing after the other, drawn by the seed."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

from sqlalchemy import select

from core.models import ConnectionRow
from core.store import Store
from core.store.now import now
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
        self._deck = random.Random(options.seed + 3)
        self._deeds: list[Callable[[], None]] = []
        self._refused = 0
        self._redis_back = 0.0
        self._redis_empty = False
        self.done: Counter[str] = Counter()
        self._cut: set[tuple[str, str]] = set()
        """Renewals of tokens, by account and lease, that were going on when a process was killed.
        Salesforce disconnects whoever loses a rotated token, and nobody can help that."""

    def spoil_the_orgs(self) -> None:
        """Faults that strike at random until `calm`."""
        self._orgs.ask("DELETE", f"/faults?seed={self._options.seed}")
        lost = self._options.lost_replies
        for fault in (
            {"kind": "commit_after_hang", "path": WRITES, "probability": lost, "seconds": 2},
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
        self._orgs.answer_again()

    @property
    def excuses(self) -> Excuses:
        """After `calm`."""
        return Excuses(self._refused, dict(Counter(account for account, _ in self._cut)))

    def step(self) -> None:
        """One mischief."""
        self._deeds = self._deeds or self._shuffled()
        deed = self._deeds.pop()
        deed()
        self.done[deed.__name__] += 1

    def _shuffled(self) -> list[Callable[[], None]]:
        """Each as often as it weighs, so that none is left out of a long run; always in the same
        order for the same seed."""
        weights = {
            self.kill_worker_process: 8,
            self.kill_supervisor: 4,
            self.kill_portal_process: 5,
            self.kill_portal: 2,
            self.kill_everything: 1,
            self.empty_redis: 2,
            self.stop_redis: 2,
            self.cut_database: 2,
            self.hang_two_orgs: 2,
            self.revoke_access: 1,
        }
        wanted = self._options.deeds
        deeds = [
            deed
            for deed, weight in weights.items()
            if not wanted or deed.__name__ in wanted
            for _ in range(weight)
        ]
        self._deck.shuffle(deeds)
        return deeds

    def mend(self) -> None:
        """What was to last for a while is over, once it has lasted."""
        if not self._house.runs("redis") and time.monotonic() > self._redis_back:
            self._house.start_redis(empty=self._redis_empty)

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
        if self._house.runs("redis"):
            self._house.restart_redis_empty()

    def stop_redis(self) -> None:
        """Nobody listens there for a while. What was in it is there again afterwards, or is not."""
        if self._house.runs("redis"):
            self._house.kill("redis")
            self._redis_back = time.monotonic() + self._dice.uniform(2, 8)
            self._redis_empty = self._dice.random() < 0.5

    def cut_database(self) -> None:
        self._house.cut_database()

    def hang_two_orgs(self) -> None:
        for account in self._dice.sample(self._orgs.accounts, 2):
            self._orgs.hang(account, times=4)

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
            ConnectionRow.refresh_lease != "", ConnectionRow.refresh_lease_until > now()
        )
        with self._store.database.read() as session:
            return {(account, lease) for account, lease in session.execute(query)}
