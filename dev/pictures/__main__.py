"""`make screenshots`: the pictures that the documentation shows, taken from the running product.

python -m dev.pictures                 the few that README.md shows, into docs/images
python -m dev.pictures --all    FOLDER    every page and state, in three languages, wide and
                                          narrow, light and dark: to look at, not to keep
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from core import ROOT
from core.languages import LANGUAGES
from dev import find
from dev.judging import await_rest, open_context
from dev.pictures import incidents, refused_forms, signed_out
from dev.pictures.pages import OWNER, States, prepare, sign_in, speak

WIDE = ViewportSize(width=1280, height=860)
TALL = ViewportSize(width=1280, height=1320)  # the connection and the main settings
NARROW = ViewportSize(width=390, height=844)
BROWSER = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]


@contextmanager
def running() -> Iterator[tuple[str, str, Path]]:
    """The product on free ports with data of its own; yields the portal's and the org's address,
    and the folder of its letters."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("", 0)) as other:
        portal_port, org_port = one.getsockname()[1], other.getsockname()[1]
    with TemporaryDirectory() as folder:
        variables = {
            "DATA_FOLDER": folder,
            "PORTAL_PORT": str(portal_port),
            "SANDBOX_PORT": str(org_port),
        }
        log = Path(folder) / "run.log"
        with log.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "dev.run"],
                cwd=ROOT, env={**os.environ, **variables}, stdout=out, stderr=out,
            )  # fmt: skip
        try:
            deadline = time.monotonic() + 90
            while "Ready after" not in log.read_text():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(log.read_text())
                time.sleep(0.2)
            addresses = f"http://127.0.0.1:{portal_port}", f"http://127.0.0.1:{org_port}"
            yield *addresses, Path(folder) / "mail"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def open_page(browser: Browser, language: str = "ru", cookies: Path | None = None) -> Page:
    """A page in one language, signed in with kept cookies."""
    context = open_context(browser, viewport=WIDE, locale=language, storage_state=cookies)
    return context.new_page()


def picture(page: Page, path: Path, **options: Any) -> None:
    await_rest(page)
    page.screenshot(path=path, **options)


def sign_in_once(browser: Browser, portal: str, cookies: Path) -> Page:
    page = open_page(browser)
    sign_in(page, portal, *OWNER)
    page.context.storage_state(path=cookies)
    return page


def take_few(browser: Browser, portal: str, folder: Path, cookies: Path) -> None:
    """The pictures of the documentation, in Russian, as most customers see them."""
    folder.mkdir(parents=True, exist_ok=True)
    page = open_page(browser, cookies=cookies)
    states = States(page, portal)
    for name, size in (("settings", TALL), ("journal", WIDE), ("call", WIDE)):
        page.set_viewport_size(size)
        states.go(name)
        picture(page, folder / f"{name}.png")
    page.set_viewport_size(NARROW)
    page.emulate_media(color_scheme="dark")
    states.go("settings")
    picture(page, folder / "phone-dark.png")


def take(
    browser: Browser,
    portal: str,
    folder: Path,
    cookies: Path | None,
    visits: Callable[[Page], Iterable[str]],
) -> None:
    """In every language, width and colour scheme, a picture of each state that `visits` opens
    and names."""
    for language in LANGUAGES:
        page = open_page(browser, language, cookies)
        if cookies:
            speak(page, portal, language)
        for name in visits(page):
            print(f"{language} {name}", flush=True)
            for narrow, dark in product((False, True), (False, True)):
                page.set_viewport_size(NARROW if narrow else WIDE)
                page.emulate_media(color_scheme="dark" if dark else "light")
                where = (
                    f"{language}-{'phone' if narrow else 'laptop'}-{'dark' if dark else 'light'}"
                )
                picture(page, folder / where / f"{name}.png", full_page=True)
            page.set_viewport_size(WIDE)
        page.context.close()


@dataclass(frozen=True)
class Tour:
    """Every page and state, to be looked at, chapter by chapter of what happens to an account."""

    browser: Browser
    portal: str
    org: str
    mail: Path
    folder: Path
    cookies: Path

    def take_all(self) -> None:
        self._take(None, lambda page: signed_out.every_state(page, self.portal, self.mail))
        page = open_page(self.browser, cookies=self.cookies)
        self._take(self.cookies, lambda one: refused_forms.before_connecting(one, self.portal))
        prepare(page, self.portal)
        incidents.refuse_a_call(page, self.portal, self.org)
        self._take(self.cookies, self._every_state)
        self._take(self.cookies, lambda one: refused_forms.every_state(one, self.portal))
        self._mend(page)
        self._visit(page)
        self._lose(page)

    def _mend(self, page: Page) -> None:
        incidents.spoil_the_org(page, self.portal, self.org)
        self._one("settings-to-mend")
        self._one("preflight-to-mend", "/salesforce/check")
        incidents.mend_the_org(page, self.portal, self.org)
        incidents.press_the_switch(page, self.portal)
        self._one("settings-off")
        incidents.press_the_switch(page, self.portal)

    def _visit(self, page: Page) -> None:
        """What support sees; `page` is still the owner's."""
        staff, cookies = open_page(self.browser), self.cookies.with_name("staff.json")
        incidents.visit(staff, self.portal)
        staff.context.storage_state(path=cookies)
        self._one("support", "/support", cookies)
        self._one("support-nobody", "/support?q=nobody", cookies)
        self._one("support-account", "/support/demo", cookies)
        incidents.hand_over_rubbish(page, self.portal)
        self._take(cookies, lambda one: incidents.open_refused(one, self.portal))
        incidents.enter(staff, self.portal)
        staff.context.storage_state(path=cookies)
        self._one("visit", cookies=cookies)

    def _lose(self, page: Page) -> None:
        incidents.pause(page, self.portal)
        self._one("settings-paused")
        self._one("journal-waiting", "/calls")
        incidents.lose_the_connection(page, self.portal, self.org)
        self._one("settings-needs-attention")

    def _every_state(self, page: Page) -> Iterator[str]:
        states = States(page, self.portal)
        for name in states.names():
            states.go(name)
            yield name

    def _one(self, name: str, path: str = "/salesforce", cookies: Path | None = None) -> None:
        """One page, the owner's unless other cookies are given."""

        def visits(page: Page) -> Iterator[str]:
            page.goto(self.portal + path)
            yield name

        self._take(cookies or self.cookies, visits)

    def _take(self, cookies: Path | None, visits: Callable[[Page], Iterable[str]]) -> None:
        take(self.browser, self.portal, self.folder, cookies, visits)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make screenshots")
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    wanted = parser.parse_args()
    program = find.chromium()
    if program is None:
        raise SystemExit("Chromium is not installed; `make test` installs or names it")
    with (
        running() as (portal, org, mail),
        TemporaryDirectory() as kept,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=program, args=BROWSER)
        cookies = Path(kept) / "owner.json"
        page = sign_in_once(browser, portal, cookies)
        print("The product is up; calls are being written …", flush=True)
        if wanted.all:
            Tour(browser, portal, org, mail, wanted.all, cookies).take_all()
        else:
            prepare(page, portal)
            take_few(browser, portal, ROOT / "docs" / "images", cookies)
        browser.close()


if __name__ == "__main__":
    main()
