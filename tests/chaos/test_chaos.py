"""The short form of `make chaos`; and two broken builds, which it has to find out."""

from dataclasses import replace

import pytest

from tests.chaos.options import Options
from tests.chaos.run import run

SHORT = Options(calls=120, accounts=4, blows=8, settle=120)


@pytest.mark.parametrize(
    ("database", "redis", "machines"), [("sqlite", "valkey", 1), ("postgresql", "redis", 2)]
)
def test_whatever_dies_no_call_is_lost_and_none_is_written_twice(database, redis, machines):
    options = replace(SHORT, database=database, redis=redis, machines=machines)
    figures = run(options, print)
    assert not {name for name, number in figures.wrong.items() if number}
    assert figures.states.total() == SHORT.calls
    assert figures.tasks == figures.states["done"]
    assert figures.blows >= SHORT.blows
    assert figures.kills > 2


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
