"""A test call that got no answer, or whose process died: what it left is found and removed."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from core.models import CheckRow
from core.salesforce.http import make_http
from core.store.checks import Checks
from core.test_call import TEST_CALL, Kind, finish, is_unfinished, run
from tests.scenarios.test_test_call import everything, make, told, world
from worker.nights import look_at_those_due

__all__ = ["world"]


class Stuck(httpx.BaseTransport):
    """The way to the org, on which requests of a method and path stay until they may go on."""

    def __init__(self, world, method, path):
        self._world, self._method, self._path = world, method, path
        self.reached, self.may_go_on = threading.Event(), threading.Event()

    def handle_request(self, request):
        if request.method == self._method and self._path in request.url.path:
            self.reached.set()
            assert self.may_go_on.wait(60)
        answer = self._world.http.send(request)
        return httpx.Response(answer.status_code, content=answer.content)


@pytest.fixture
def dying(world):
    """Makes a test call that gets no further than a request, as if its process died there."""
    ways, threads = [], []

    def die(method, path):
        way = Stuck(world, method, path)
        call = ("acme", Kind.ANSWERED, world.store, world.config, make_http(way))
        threads.append(threading.Thread(target=run, args=call))
        ways.append(way)
        threads[-1].start()
        assert way.reached.wait(20)
        return way, threads[-1]

    yield die
    for way in ways:
        way.may_go_on.set()
    for thread in threads:
        thread.join()


def pass_time(world, minutes=10):
    """As if the newest test call lay so far back."""

    def ago(moment):
        return moment and moment - timedelta(minutes=minutes)

    with world.store.database.write() as session:
        row = session.get(CheckRow, ("acme", TEST_CALL))
        row.began_at, row.ended_at = ago(row.began_at), ago(row.ended_at)
        if sent := row.result.get("sent_at"):
            row.result = {**row.result, "sent_at": ago(datetime.fromisoformat(sent)).isoformat()}


def fault(world, kind, path, **more):
    world.control("POST", "/faults", {"kind": kind, "path": path, **more})


def finish_it(world):
    finish("acme", world.store, world.config, world.http)
    return told(world)


@pytest.mark.parametrize("mode", ["leads", "opportunities"])
def test_a_write_whose_answer_was_lost_is_found_by_its_key(world, mode):
    world.choose(mode=mode)
    before = everything(world)
    fault(world, "lost_reply", "/composite/graph")
    report = make(world)
    assert report.trouble is None and report.left == () and not report.unsure
    assert [one.is_read for one in report.records if one.object[-4:] != "Role"]
    assert everything(world) == before


def test_where_the_task_carries_no_key_it_is_found_by_its_number(world):
    world.org(package=False, hidden_fields=["Task.CallObject"])
    before = everything(world)
    fault(world, "lost_reply", "/composite/graph")
    assert make(world).left == ()
    assert everything(world) == before


def test_a_write_that_never_arrived_is_looked_for_later(world):
    before = everything(world)
    fault(world, "unavailable", "/composite/graph")
    report = make(world)
    assert report.unsure and report.trouble.code == "test_call.unanswered"
    assert finish_it(world).unsure, "Salesforce may carry it out still"
    assert make(world).key == report.key, "nor is it forgotten for another one"
    pass_time(world)
    assert not finish_it(world).unsure
    assert not is_unfinished(world.store.checks.newest("acme", TEST_CALL))
    assert everything(world) == before
    assert make(world).trouble is None


def test_a_removal_whose_answer_was_lost_is_made_sure_of(world):
    before = everything(world)
    fault(world, "lost_reply", "/composite/sobjects", method="DELETE")
    assert make(world).left == ()
    assert everything(world) == before


def test_an_org_that_goes_away_before_the_removal_is_asked_again(world):
    before = everything(world)
    fault(world, "unavailable", "/composite/sobjects", method="DELETE", times=2)
    report = make(world)
    assert [one.object for one in report.left] == ["Lead", "Task"]
    assert (report.trouble, report.removal.code) == (None, "test_call.not_removed_yet"), (
        "it was written"
    )
    assert len(finish_it(world).left) == 2, "not at once"
    pass_time(world)
    report = finish_it(world)
    assert (report.left, report.removal) == ((), None)
    assert everything(world) == before


def test_who_connects_again_finds_what_was_left(world):
    before = everything(world)
    fault(world, "unavailable", "/composite/sobjects", method="DELETE", times=2)
    make(world)
    world.connect()
    pass_time(world)
    assert finish_it(world).left == ()
    assert everything(world) == before


class LastMoment(Checks):
    """Something happens right before the first look begins."""

    def __init__(self, database, meanwhile):
        super().__init__(database)
        self._meanwhile = [meanwhile]

    def begin(self, *given):
        while self._meanwhile:
            self._meanwhile.pop()()
        return super().begin(*given)


@pytest.mark.parametrize("work", [make, finish_it])
def test_what_another_leaves_at_the_last_moment_is_not_forgotten(world, monkeypatch, work):
    before = everything(world)
    fault(world, "unavailable", "/composite/sobjects", method="DELETE", times=2)
    make(world)
    pass_time(world)

    def meanwhile():
        code = "INSUFFICIENT_ACCESS_OR_READONLY"
        fault(world, "error", "", object="Lead", method="DELETE", code=code)
        assert make(world).left
        world.control("DELETE", "/faults")

    monkeypatch.setattr(world.store, "checks", LastMoment(world.store.database, meanwhile))
    assert work(world).left == ()
    assert everything(world) == before


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/composite/graph"), ("DELETE", "/composite/sobjects")]
)
def test_what_a_dead_process_left_is_found_and_removed(world, dying, method, path):
    before = everything(world)
    dying(method, path)
    look = world.store.checks.newest("acme", TEST_CALL)
    assert look.is_running
    finish_it(world)
    assert world.store.checks.newest("acme", TEST_CALL) == look, "it may be alive"
    pass_time(world)
    report = finish_it(world)
    assert report.trouble.code == "test_call.broken_off" and report.left == ()
    assert everything(world) == before
    assert not is_unfinished(world.store.checks.newest("acme", TEST_CALL))


def test_the_next_test_call_removes_what_a_dead_one_left(world, dying):
    before = everything(world)
    dying("DELETE", "/composite/sobjects")
    assert len(world.records("Lead")) > len(before["Lead"])
    pass_time(world)
    assert make(world).left == ()
    assert everything(world) == before


def test_what_a_dead_one_left_is_removed_by_night(world, dying):
    before = everything(world)
    dying("DELETE", "/composite/sobjects")
    pass_time(world)
    look_at_those_due(world.runtime, datetime(2026, 11, 29, 4, 59, tzinfo=ZoneInfo("Europe/Kyiv")))
    assert told(world).left == ()
    assert everything(world) == before


def test_one_is_made_at_a_time(world, dying):
    dying("DELETE", "/composite/sobjects")
    leads = len(world.records("Lead"))
    make(world)
    assert len(world.records("Lead")) == leads


@pytest.mark.parametrize("path", ["/composite", "/composite/graph"])
def test_who_wakes_up_after_all_harms_nothing(world, dying, path):
    before = everything(world)
    way, thread = dying("POST", path)
    pass_time(world)
    report = make(world)
    assert report.trouble is None
    way.may_go_on.set()
    thread.join()
    assert told(world) == report
    assert everything(world) == before
