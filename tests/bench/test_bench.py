"""The smallest form of `make bench`, and an org that loses a Task, which it has to find out."""

from dataclasses import replace

import pytest

from tests.bench.bench import QUICK
from tests.bench.calls import faults, number
from tests.bench.org.records import digits
from tests.bench.run import run

SMALLEST = replace(QUICK, sizes=(200,), peers=(4, 6))


def test_a_task_that_the_org_loses_is_found_and_nothing_else_is_wrong():
    """The peer's calls, which are fewer, and all others of ours are there once."""
    figures, wrong = run(["backlog"], SMALLEST, print, lost="150")
    assert wrong == ["backlog of 200, 50 ms, PostgreSQL: 1 calls lost"]
    backlog = figures[0]
    assert "200 calls" in backlog.name
    assert backlog.ours > 0
    assert len(backlog.peers) == 2


def told(*keys, leads=None, lead_of=None):
    tasks = [[key, digits(number(int(lead_of or key))), 0.0] for key in keys]
    numbers = {number(int(key)) for key in keys}
    return {"tasks": tasks, "leads": len(numbers) if leads is None else leads}


@pytest.mark.parametrize(
    ("org", "done", "wrong"),
    [
        (told("1", "2", "3"), None, {}),
        (told("1", "3"), None, {"calls lost": 1}),
        (told("1", "3"), {"1", "3"}, {}),
        (told("1", "2", "3"), {"1", "3"}, {"calls there though not done": 1}),
        (told("1", "2", "2", "3"), None, {"calls there twice": 1}),
        (told("1", "2", "3", "4"), None, {"calls that nobody handed over": 1}),
        (told("1", "2", "3", leads=4), None, {"leads too many": 1}),
        (told("2", lead_of="3"), {"2"}, {"calls on another number's lead": 1}),
    ],
)
def test_what_is_wrong_with_an_org_is_counted(org, done, wrong):
    assert faults(org, 3, done) == wrong


def test_a_number_whose_calls_changed_places_is_found():
    assert number(5) == number(10)
    assert faults(told("10", "5"), 10, {"5", "10"}) == {"calls out of their number's order": 1}
