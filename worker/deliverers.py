"""Deliverers: threads, each of which delivers for one account, for a short time.

    alarm ──▶ FRONT ──┐  at most PLACES at once, KEPT of them for either line
    sweep ──▶ BEHIND ─┴▶ deliver ──▶ more is due: BEHIND again
              SLOW ────▶ deliver ──▶ nothing is due: forgotten

Nobody waits for a neighbour: whoever has much to deliver queues again after each turn, and a turn
that lasts too long, as its org does not answer, gives its place up while it goes on.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

import structlog
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger()

PLACES = 16
"""Turns at once. More would not be faster: Python computes in one thread at a time."""
KEPT = 4
"""Places that the other line leaves to FRONT, and to BEHIND: neither waits until the other is
empty."""
SLOW_SECONDS = 2.0
"""A turn that lasts longer waits for its org. One that has work ends after half of it."""
MOST_LATE = 240
"""Turns that gave their place up. They cost memory only, half a megabyte each: enough for hundreds
of orgs that stop answering in the same minute, of which each is waited for up to 50 s."""
SLOW_PLACES = 16
"""Turns at once of accounts whose last one was slow: 300 such orgs are each tried once in a quarter
of an hour even if each takes its whole time-out, and nobody else waits for it."""


AS_SLOW_AS_AWAY = 5
"""So many times that: its org is taken for one that does not answer, until a turn is quicker."""
PAUSE_WITHOUT_THREAD = 1.0
"""Seconds."""


class Line(Enum):
    """Where an account waits for its turn: first in, first out."""

    FRONT = "a call came, and its org answered quickly last time"
    BEHIND = "found by the sweeper, not finished in its last turn, or never met"
    SLOW = "its last turn was slow"


@dataclass(frozen=True)
class Turn:
    line: Line
    began: float
    """On the monotonic clock."""


class Deliverers:
    """One process's. Accounts wait once, however often they are offered."""

    def __init__(
        self, deliver: Callable[[str], bool | None], slow_seconds: float = SLOW_SECONDS
    ) -> None:
        """`deliver` works for one account for a short time; it returns whether more is due, None
        when it asked nothing of the org."""
        self._deliver = deliver
        self._slow_seconds = slow_seconds
        self._changed = threading.Condition()
        self._lines: dict[Line, dict[str, None]] = {line: {} for line in Line}
        self._in_hand: dict[str, Turn] = {}
        """By account, the oldest first."""
        self._again: set[str] = set()
        """Accounts in hand that were offered meanwhile: what came may have come too late."""
        self._was_slow: dict[str, bool] = {}
        """The last turn of each account that had one."""
        self._stopping = False
        threading.Thread(target=self._hand_out, name="deliverers", daemon=True).start()

    def offer(self, account_id: str, *, came: bool = True) -> None:
        """The account gets a turn, another one if it is in hand. `came`: because of a new call."""
        with self._changed:
            if account_id in self._in_hand:
                self._again.add(account_id)
            else:
                self._line_up(account_id, came=came)
            self._changed.notify_all()

    def room_for(self, account_ids: Iterable[str]) -> list[str]:
        """Those of them that could begin about now. The others are another process's to take, or
        ours when there is room again."""
        chosen = []
        with self._changed:
            room = self._room()
            for account_id in account_ids:
                if account_id in self._in_hand or self._waits(account_id):
                    continue
                if not self._was_slow.get(account_id):
                    room -= 1
                    if room < 0:
                        break
                chosen.append(account_id)
        return chosen

    def wait_for_room(self, seconds: float) -> bool:
        """Whether it had to be waited for; `seconds` at most."""
        with self._changed:
            if self._room() > 0:
                return False
            self._changed.wait_for(lambda: self._room() > 0 or self._stopping, seconds)
            return True

    def stop(self, seconds: float) -> bool:
        """Begin no turn any more, and wait for those in hand; returns whether they ended."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: not self._in_hand, seconds)

    def _line_up(self, account_id: str, *, came: bool = False) -> None:
        was_slow = self._was_slow.get(account_id)
        if was_slow:
            line = Line.SLOW
        elif came and was_slow is False:
            line = Line.FRONT
            self._lines[Line.BEHIND].pop(account_id, None)
        else:
            line = Line.BEHIND
        if not self._waits(account_id):
            self._lines[line][account_id] = None

    def _waits(self, account_id: str) -> bool:
        return any(account_id in line for line in self._lines.values())

    def _room(self) -> int:
        return PLACES - self._taken().total() - len(self._lines[Line.BEHIND])

    def _hand_out(self) -> None:
        """Give each turn a thread of its own: next to two requests it costs nothing."""
        while account_id := self._take():
            try:
                threading.Thread(target=self._work, args=(account_id,), daemon=True).start()
            except RuntimeError as full:  # the system's limit of threads, or of memory
                log.error("no thread for a delivery", account=account_id, error=str(full))
                time.sleep(PAUSE_WITHOUT_THREAD)
                self._done(account_id, more=True)

    def _take(self) -> str | None:
        """Whose turn it is, once there is one; None when told to stop."""
        with self._changed:
            while not self._stopping:
                if line := self._next_line():
                    break
                self._changed.wait(self._until_one_is_late())
            else:
                return None
            account_id = next(iter(self._lines[line]))
            del self._lines[line][account_id]
            self._in_hand[account_id] = Turn(line, time.monotonic())
            self._changed.notify_all()
            return account_id

    def _next_line(self) -> Line | None:
        """The line whose first one has its turn now."""
        taken = self._taken()
        for line, other in ((Line.FRONT, Line.BEHIND), (Line.BEHIND, Line.FRONT)):
            left_to_other = max(0, KEPT - taken[other])
            if self._lines[line] and taken.total() + left_to_other < PLACES:
                return line
        slow = sum(turn.line is Line.SLOW for turn in self._in_hand.values())
        if self._lines[Line.SLOW] and slow < SLOW_PLACES:
            return Line.SLOW
        return None

    def _taken(self) -> Counter[Line]:
        """Places, by line; those of the oldest turns that lasted too long are free again."""
        since = time.monotonic() - self._slow_seconds
        turns = [turn for turn in self._in_hand.values() if turn.line is not Line.SLOW]
        late = sum(turn.began <= since for turn in turns)
        return Counter(turn.line for turn in turns[min(late, MOST_LATE) :])

    def _until_one_is_late(self) -> float | None:
        """Seconds until a place is given up; None when none will be."""
        late_at = (turn.began + self._slow_seconds for turn in self._in_hand.values())
        now = time.monotonic()
        return min((moment - now for moment in late_at if moment > now), default=None)

    def _work(self, account_id: str) -> None:
        more: bool | None = None
        try:
            more = self._deliver(account_id)
        except SQLAlchemyError as error:
            log.warning("delivery put off", account=account_id, error=type(error).__name__)
        except Exception as mistake:
            log.error("delivery ended unexpectedly", account=account_id, exc_info=mistake)
        finally:
            self._done(account_id, more)

    def _done(self, account_id: str, more: bool | None) -> None:
        with self._changed:
            self._end(account_id, more)
            self._changed.notify_all()

    def _end(self, account_id: str, more: bool | None) -> None:
        turn = self._in_hand.pop(account_id)
        lasted = time.monotonic() - turn.began
        if more is not None or lasted >= self._slow_seconds:
            self._was_slow[account_id] = lasted >= AS_SLOW_AS_AWAY * self._slow_seconds
        came = account_id in self._again
        self._again.discard(account_id)
        if more or came:
            self._line_up(account_id, came=not more)
