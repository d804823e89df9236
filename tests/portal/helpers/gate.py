"""A portal whose answers come when a test lets them: each in its time, in any order, or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Event
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from playwright.sync_api import Page
from werkzeug.test import run_wsgi_app

COUNT_ANSWERS = """() => {
  window.answered = 0;
  document.addEventListener("htmx:finally:request", () => window.answered++);
}"""
PATIENCE = 2_000
"""Looks, a hundredth of a second apart, until what must come has come."""
AT_ONCE = 6
"""Requests that Chromium sends to one host at a time over HTTP/1.1; the others wait in it."""


class Held:
    """A request that waits: to be handled, or, when `is_done`, only to be answered."""

    def __init__(self, path: str, is_done: bool) -> None:
        self.path, self.is_done = path, is_done
        self.fails = False
        self.free = Event()


class Gate:
    """Holds what forms send and what blocks look for, while it is shut.

    Args:
        is_late: whether a request for this path is handled at once, and its answer held; else
            it is held unhandled.
    """

    def __init__(
        self, application: WSGIApplication, is_late: Callable[[str], bool] = lambda _: False
    ) -> None:
        self.application = application
        self.is_late = is_late
        self.is_shut = False
        self.held: list[Held] = []

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not (self.is_shut and _is_of_a_block(environ)):
            return self.application(environ, start)
        held = Held(environ["PATH_INFO"], self.is_late(environ["PATH_INFO"]))
        self.held.append(held)
        if not self.is_shut:
            held.free.set()
        answer = run_wsgi_app(self.application, environ, buffered=True) if held.is_done else None
        held.free.wait()
        if held.fails:
            start("502 Bad Gateway", [("Content-Type", "text/html")])
            return [b"<h1>Bad gateway</h1>"]
        body, status, headers = answer or run_wsgi_app(self.application, environ, buffered=True)
        start(status, headers.to_wsgi_list())
        return body

    def shut(self, page: Page) -> None:
        page.evaluate(COUNT_ANSWERS)
        self.is_shut = True

    def open(self) -> None:
        """From now on nothing waits."""
        self.is_shut = False
        while self.held:
            self.held.pop().free.set()

    def gather(self, page: Page) -> list[Held]:
        """What waits, once all that the page has sent by now is here, or as much as a browser lets
        be on its way to one host."""
        until(page, lambda: len(self.held) == min(page.evaluate("htmxAsked.size"), AT_ONCE))
        return self.held

    def let_go(self, page: Page, path: str = "", fails: bool = False) -> None:
        """Return once the page has had the answer to the oldest request for a path ending so."""
        held = next(one for one in self.gather(page) if one.path.endswith(path))
        self.free(page, held, fails)

    def free(self, page: Page, held: Held, fails: bool = False) -> None:
        """Return once the page has had the answer."""
        answered = page.evaluate("answered")
        self.held.remove(held)
        held.fails = fails
        held.free.set()
        until(page, lambda: page.evaluate("answered") > answered)


def until(page: Page, is_so: Callable[[], Any]) -> None:
    for _ in range(PATIENCE):
        if is_so():
            return
        page.wait_for_timeout(10)
    raise AssertionError("What was waited for did not come")


def _is_of_a_block(environ: WSGIEnvironment) -> bool:
    looks = any(f"{name}=" in environ["QUERY_STRING"] for name in ("seen", "shown"))
    is_form = environ["REQUEST_METHOD"] == "POST"
    return "/salesforce" in environ["PATH_INFO"] and (is_form or looks)
