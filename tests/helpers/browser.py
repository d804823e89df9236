"""A real browser: the system's Chromium, driven by Playwright."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from dev import find
from dev.judging import open_context

PATIENCE = 20_000
"""Milliseconds until something must be on the page: a busy machine is slow, and nobody waits when
it is there at once."""
ARGUMENTS = [
    "--headless",
    "--no-sandbox",  # containers and root lack what the sandbox needs; only our own pages load
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for each xdist worker."""
    program = find.chromium()
    assert program, "Chromium is not installed; `make test` installs or names it"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


class Complaints:
    """What the browser complained about, less what a test said it expects."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.expected: list[str] = []

    def listen(self, page: Page) -> None:
        """Note console errors, uncaught exceptions and requests that got no answer."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.note(str(error)))
        page.on("requestfailed", self._failed)

    def expect(self, part: str) -> None:
        """A complaint containing `part` is what this test is about."""
        self.expected.append(part)

    def note(self, line: str) -> None:
        self.lines.append(line)

    def unexpected(self) -> list[str]:
        return [line for line in self.lines if not any(part in line for part in self.expected)]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.note(f"{message.text} {message.location['url']}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the person went on to another page
            self.note(f"{request.method} {request.url}: {request.failure}")


@pytest.fixture
def complaints() -> Complaints:
    """The browser's complaints in this test; `expect` those that it is about."""
    return Complaints()


@pytest.fixture
def page(chromium: Browser, complaints: Complaints) -> Iterator[Page]:
    """A page without history or cookies. The test fails when the browser had to complain."""
    context = open_context(chromium)
    fresh = context.new_page()
    complaints.listen(fresh)
    yield fresh
    context.close()
    assert not complaints.unexpected()
