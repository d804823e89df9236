"""The short form of `make chaos`; and broken builds, which it has to find out."""

import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from tests.chaos.house import with_clock
from tests.chaos.options import Options
from tests.chaos.run import run

SHORT = Options(calls=120, accounts=4, seed=35, blows=8, settle=120)
"""A seed whose eight blows are of seven kinds: Redis stopped and two hanging orgs among them."""


@pytest.mark.parametrize(
    ("database", "redis", "machines"), [("sqlite", "valkey", 1), ("postgresql", "redis", 2)]
)
def test_whatever_dies_no_call_is_lost_and_none_is_written_twice(database, redis, machines):
    options = replace(SHORT, database=database, redis=redis, machines=machines)
    figures = run(options, print)
    assert not {name for name, number in figures.wrong.items() if number}
    assert figures.states.total() == SHORT.calls
    assert figures.tasks == figures.states["done"]
    assert figures.done.total() >= SHORT.blows
    assert {"stop_redis", "hang_two_orgs"} <= figures.done.keys()
    assert figures.kills > 2
    assert min(figures.loops["called_back"], figures.loops["handed over"]) > 0
    assert figures.found_later > 0


def test_a_build_that_acknowledges_before_it_writes_down_is_found_out():
    """Each time everything is killed while calls come, those of the last seconds are lost."""
    figures = run(
        Options(
            calls=80, accounts=2, rate=20, build="late_ledger", settle=20,
            blows=3, deeds=("kill_everything",), patience=60,
        ),
        print,
    )  # fmt: skip
    assert figures.wrong["calls acknowledged but not in the ledger"] > 0


def test_a_build_that_does_not_look_before_it_writes_is_found_out():
    figures = run(
        Options(
            calls=40, accounts=2, rate=40, build="no_check", settle=60, kills=False,
            lost_replies=0.4, packages=False,
        ),
        print,
    )  # fmt: skip
    assert figures.wrong["Tasks too many for one call"] > 0
    assert figures.wrong["calls acknowledged but not in the ledger"] == 0


def test_a_build_whose_leases_go_by_each_machines_clock_is_found_out():
    """The machine whose clock is ahead takes the other one's calls while they are being written.
    A busy one may come too late to do so: it has three tries."""
    for _ in range(3):
        figures = run(
            Options(
                calls=36, accounts=12, rate=6, build="machine_clock", settle=60, kills=False,
                lost_replies=1.0, packages=False, database="postgresql", redis="redis", machines=2,
            ),
            print,
        )  # fmt: skip
        if figures.wrong["Tasks too many for one call"] > 0:
            break
    assert figures.wrong["Tasks too many for one call"] > 0
    assert figures.wrong["calls acknowledged but not in the ledger"] == 0


@pytest.mark.parametrize("ahead", [90, -90])
def test_the_second_machine_has_a_clock_of_its_own(ahead):
    shown = subprocess.run(
        [sys.executable, "-c", "import time; print(time.time())"],
        env=os.environ | with_clock(ahead), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert abs(float(shown.stdout) - time.time() - ahead) < 45
