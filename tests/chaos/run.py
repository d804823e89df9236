"""One run: prepare → calls and mischief → calm → until all is settled → two orgs hang → count."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import exists, func, select, union_all, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import aliased

from core.loops import LoopState
from core.models import UNWRITTEN, CallRow, CallState, ConnectionRow, LateMatch, LoopRow, QueuedCall
from core.store import Store
from core.store.database import utc_now
from tests.chaos.figures import Figures, count
from tests.chaos.house import House, patiently
from tests.chaos.mischief import Mischief
from tests.chaos.neighbours import ring_while_two_hang
from tests.chaos.options import LATE, Options
from tests.chaos.orgs import Orgs
from tests.chaos.telephony import HANGING, Ring, Telephony, lone_rings, make_rings

Say = Callable[[str], None]


def run(options: Options, say: Say) -> Figures:
    """Everything that was started is gone afterwards; the folder with the logs stays when the
    figures are not good."""
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    folder.chmod(0o755)
    house = House(options, folder)
    try:
        house.open()
        figures = _run(options, house, say)
        figures.kills = house.kills
    finally:
        house.close()
    if figures.is_good:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        say(f"logs and database: {folder}")
    return figures


def _run(options: Options, house: House, say: Say) -> Figures:
    store = Store(house.database_url, house.environment["TOKEN_KEYS"])
    orgs = Orgs(options, house, store)
    orgs.prepare()
    mischief = Mischief(options, house, orgs, store)
    mischief.spoil_the_orgs()
    house.start_product()
    telephony = Telephony(options, house.portal_url, house.redis_url, orgs.keys)
    scene = Scene(options, house, store, orgs, mischief, telephony, say)
    rings, lone = make_rings(options, orgs.accounts), lone_rings(options, orgs.accounts)
    say(f"{len(rings)} calls, {options.accounts} accounts, seed {options.seed}")
    telephony.begin()
    _while_calls_flow(scene, rings)
    mischief.calm()
    say(
        f"calm after {house.kills} kills: {dict(mischief.done)};"
        f" {telephony.repeats} hand-overs repeated"
    )
    _settle(scene)
    wrong = _last_act(scene, lone) if lone else {}
    figures = count(store, orgs, rings + lone, telephony.acknowledged, mischief.excuses)
    figures.wrong.update(wrong)
    figures.done = mischief.done
    say(f"{orgs.reconnects} reconnections")
    store.close()
    return figures


@dataclass(frozen=True)
class Scene:
    """All who take part."""

    options: Options
    house: House
    store: Store
    orgs: Orgs
    mischief: Mischief
    telephony: Telephony
    say: Say

    def tend(self) -> None:
        """What was broken is mended, by whoever does so: a process manager, the owners, time."""
        self.mischief.mend()
        self.house.start_product()
        self.orgs.reconnect_the_dead()
        _let_pauses_pass(self.store)


def _while_calls_flow(scene: Scene, rings: list[Ring]) -> None:
    options, telephony = scene.options, scene.telephony
    said = struck = time.monotonic()
    portions = split(rings, 1 + min(options.blows, len(rings) // 10) if options.kills else 1)
    half = len(portions[0]) / 2
    telephony.ring(portions.pop(0))
    while not telephony.is_done:
        time.sleep(0.5)
        # Something has to get through between two blows, or a slow machine gets nowhere.
        recovered = telephony.unanswered <= half
        with suppress(SQLAlchemyError):  # our own connection may have been cut as well
            if not portions:
                telephony.all_rang()
            elif recovered or time.monotonic() - struck > options.patience:
                with telephony.acknowledging(options.patience):
                    telephony.ring(portions.pop(0))
                time.sleep(scene.mischief.moment())
                scene.mischief.step()
                struck = time.monotonic()
            scene.tend()
            if time.monotonic() - said > 10:
                said = time.monotonic()
                left = unsettled(scene.store)
                scene.say(f"{len(telephony.acknowledged)} acknowledged, {left} to settle")


def _last_act(scene: Scene, lone: list[Ring]) -> dict[str, int]:
    scene.say(f"{len(lone)} lone calls, {HANGING} orgs hang")
    wrong = ring_while_two_hang(scene.options, scene.orgs, scene.store, scene.telephony, lone)
    patiently(lambda: scene.telephony.is_done, scene.options.settle)
    _settle(scene)
    return wrong


def split(rings: list[Ring], portions: int) -> list[list[Ring]]:
    """So many, of one size."""
    edges = [len(rings) * place // portions for place in range(portions + 1)]
    return [rings[start:end] for start, end in pairwise(edges)]


def _settle(scene: Scene) -> None:
    def is_settled() -> bool:
        scene.tend()
        return not (unsettled(scene.store) or to_look_at(scene.store))

    began = time.monotonic()
    if scene.options.build == "late_ledger":
        time.sleep(LATE + 1)  # it may still be writing
    settled = patiently(is_settled, scene.options.settle, pause=1.0)
    scene.say(f"{'settled' if settled else 'NOT settled'} in {time.monotonic() - began:.0f} s")


def unsettled(store: Store) -> int:
    query = select(func.count()).where(QueuedCall.state.in_(UNWRITTEN))
    with store.database.read() as session:
        return session.scalar(query) or 0


def to_look_at(store: Store) -> int:
    """Calls that are looked for although a Task of their number, and so a lead, was written; and
    clients who wait, all of them too long, and were not handed over."""
    other = aliased(CallRow)
    written = exists().where(
        other.account_id == CallRow.account_id,
        other.number == CallRow.number,
        other.state == CallState.DONE,
    )
    late = select(func.count()).join_from(LateMatch, CallRow, CallRow.id == LateMatch.call_id)
    overdue = select(func.count()).where(
        LoopRow.state == LoopState.OPEN, LoopRow.handed_over_at.is_(None)
    )
    with store.database.read() as session:
        counted = session.scalars(union_all(late.where(written), overdue))
        return sum(counted)


def _let_pauses_pass(store: Store) -> None:
    """A quarter of an hour passes for those who wait for their quota, a minute for retries, an hour
    for looks at loops and for late matches."""
    soon = utc_now() + timedelta(seconds=5)
    with store.database.write() as session:
        session.execute(
            update(ConnectionRow).where(ConnectionRow.paused_until > soon).values(paused_until=soon)
        )
        session.execute(
            update(QueuedCall)
            .where(
                QueuedCall.state.in_([CallState.WAITING, CallState.RETRY]), QueuedCall.due_at > soon
            )
            .values(due_at=soon)
        )
        # Whoever is at work for an account has its rows, in an order of its own.
        for row in (LoopRow, LateMatch):
            free = select(row.id).where(row.look_at > soon).with_for_update(skip_locked=True)
            session.execute(update(row).where(row.id.in_(free)).values(look_at=soon))
