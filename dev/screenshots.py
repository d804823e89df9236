"""`make screenshots`: the pictures that the documentation shows, taken from the running product.

python -m dev.screenshots                 the few that README.md shows, into docs/images
python -m dev.screenshots --all FOLDER    every page and state, in three languages, wide and
                                          narrow, light and dark: to look at, not to keep
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from dev import find
from dev.tour import OWNER, States, prepare, sign_in, speak

ROOT = Path(__file__).resolve().parent.parent
PORTAL_PORT, SANDBOX_PORT = 18180, 18181
WIDE = ViewportSize(width=1280, height=860)
NARROW = ViewportSize(width=390, height=844)
LANGUAGES = ("ru", "uk", "en")
BROWSER = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]


@contextmanager
def running() -> Iterator[str]:
    """The product on ports of its own with data of its own; yields the portal's address."""
    with tempfile.TemporaryDirectory() as folder:
        variables = {
            "DATA_FOLDER": folder,
            "PORTAL_PORT": str(PORTAL_PORT),
            "SANDBOX_PORT": str(SANDBOX_PORT),
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
            yield f"http://127.0.0.1:{PORTAL_PORT}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def open_page(browser: Browser, language: str, narrow: bool, dark: bool) -> Page:
    """A page in one language, width and colour scheme."""
    context = browser.new_context(
        viewport=NARROW if narrow else WIDE,
        color_scheme="dark" if dark else "light",
        locale=language,
        reduced_motion="reduce",
    )
    return context.new_page()


def take_few(browser: Browser, portal: str, folder: Path) -> None:
    """The pictures of the documentation, in Russian, as most customers see them."""
    folder.mkdir(parents=True, exist_ok=True)
    wide = open_page(browser, "ru", narrow=False, dark=False)
    states = States(wide, portal)
    sign_in(wide, portal, *OWNER)
    for name in ("settings", "journal", "call"):
        states.go(name)
        wide.screenshot(path=folder / f"{name}.png")
    narrow = open_page(browser, "ru", narrow=True, dark=True)
    sign_in(narrow, portal, *OWNER)
    States(narrow, portal).go("settings")
    narrow.screenshot(path=folder / "phone-dark.png")


def take_all(browser: Browser, portal: str, folder: Path) -> None:
    """Every page and state, to be looked at."""
    for language, narrow, dark in product(LANGUAGES, (False, True), (False, True)):
        look = f"{language}-{'phone' if narrow else 'laptop'}-{'dark' if dark else 'light'}"
        (folder / look).mkdir(parents=True, exist_ok=True)
        page = open_page(browser, language, narrow, dark)
        states = States(page, portal)
        page.goto(f"{portal}/sign-in")
        page.screenshot(path=folder / look / "sign-in.png")
        sign_in(page, portal, *OWNER)
        speak(page, portal, language)
        for name in states.names():
            states.go(name)
            page.screenshot(path=folder / look / f"{name}.png", full_page=True)
        print(f"{look}: {len(states.names()) + 1} pages", flush=True)
        page.context.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="make screenshots")
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    wanted = parser.parse_args()
    program = find.chromium()
    if program is None:
        raise SystemExit("Chromium is not installed; `make test` installs or names it")
    with running() as portal, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=BROWSER)
        print("The product is up; calls are being written …", flush=True)
        prepare(open_page(browser, "ru", narrow=False, dark=False), portal)
        if wanted.all:
            take_all(browser, portal, wanted.all)
        else:
            take_few(browser, portal, ROOT / "docs" / "images")
        browser.close()


if __name__ == "__main__":
    main()
