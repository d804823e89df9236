"""One run: the house, then part after part."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import structlog

from tests.bench.backlog import backlog
from tests.bench.bench import Bench, Scale
from tests.bench.figures import Figure
from tests.bench.house import House
from tests.bench.intake import intake
from tests.bench.lone import lone
from tests.bench.many import many
from tests.bench.million import million
from tests.bench.neighbours import neighbours
from tests.bench.thin import thin

PARTS = {
    "thin": thin,
    "backlog": backlog,
    "lone": lone,
    "many": many,
    "neighbours": neighbours,
    "intake": intake,
    "million": million,
}


def run(
    parts: Sequence[str], scale: Scale, say: Callable[[str], None], lost: str = ""
) -> tuple[list[Figure], list[str]]:
    """The figures, and what was wrong. `lost` names a call whose Task the org drops silently."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    house = House(lost)
    bench = Bench(house, scale, say)
    figures: list[Figure] = []
    try:
        for name in parts:
            say(f"part {name}")
            for figure in PARTS[name](bench):
                say(" | ".join(figure.row()))
                figures.append(figure)
    finally:
        house.close()
    return figures, bench.wrong
