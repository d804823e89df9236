"""The short form of `make chaos`; and two broken builds, which it has to find out."""

import pytest

from tests.chaos.options import Options
from tests.chaos.run import run

SHORT = Options(calls=80, accounts=4, rate=30, settle=90)


@pytest.mark.parametrize(("database", "redis"), [("sqlite", "valkey"), ("postgresql", "redis")])
def test_whatever_dies_no_call_is_lost_and_none_is_written_twice(database, redis):
    figures = run(Options(**{**vars(SHORT), "database": database, "redis": redis}), print)
    assert not {name for name, number in figures.wrong.items() if number}
    assert figures.states.total() == SHORT.calls
    assert figures.tasks == figures.states["done"] > SHORT.calls / 2


def test_a_build_that_acknowledges_before_it_writes_down_is_found_out():
    figures = run(
        Options(calls=60, accounts=2, rate=40, build="late_ledger", settle=20), print
    )
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
