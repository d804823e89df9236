"""The states of the pages that pictures are taken of, and the calls that fill them."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

OWNER = ("demo@unitalk.example", "demo-unitalk")
STAFF = ("support@unitalk.example", "support-unitalk")
CALLS = ("incoming", "missed", "outgoing", "internal", "withheld", "incoming", "missed")

PATHS = {
    "settings": "/salesforce",
    "history": "/salesforce/history",
    "preview": "/preview",
    "journal": "/calls",
    "journal-nothing-fits": "/calls?number=999999999",
    "demo": "/demo",
    "team": "/people",
    "keys": "/keys",
    "audit": "/access",
    "me": "/me",
    "second-factor": "/me/second-factor",
    "not-found": "/no-such-page",
}


class States:
    """Opens each state by its name."""

    def __init__(self, page: Page, portal: str) -> None:
        self.page = page
        self.portal = portal
        self.special: dict[str, Callable[[], None]] = {
            "call": self._call,
            "environment": self._environment,
            "preview-answer": self._preview_answer,
        }

    def names(self) -> list[str]:
        return [*PATHS, *self.special]

    def go(self, name: str) -> None:
        if name in PATHS:
            self.page.goto(self.portal + PATHS[name])
        else:
            self.special[name]()
        self.page.wait_for_load_state("networkidle")

    def _call(self) -> None:
        self.page.goto(f"{self.portal}/calls?state=done")
        self.page.locator("tbody a").first.click()
        self.page.wait_for_url(re.compile("/calls/[^?]+$"))

    def _environment(self) -> None:
        self.page.goto(f"{self.portal}/salesforce")
        for folded in self.page.locator("#connection summary").all():
            folded.click()

    def _preview_answer(self) -> None:
        self.page.goto(f"{self.portal}/preview")
        self.page.locator("main input[name=number]").fill("0505557182")
        self.page.locator("main form button[type=submit]").first.click()


def sign_in(page: Page, portal: str, email: str, password: str) -> None:
    page.goto(f"{portal}/sign-in")
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").fill(password)
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state("networkidle")


def speak(page: Page, portal: str, language: str) -> None:
    """Choose the language as a person does: by the menu in the header."""
    page.goto(f"{portal}/me")
    menu = page.locator("details.menu", has=page.locator("button[name=language]"))
    menu.locator("summary").click()
    menu.locator(f"button[value={language}]").click()
    page.wait_for_load_state("networkidle")


def prepare(page: Page, portal: str) -> None:
    """Connect, switch on, name an employee's line, and hand over calls of every kind."""
    sign_in(page, portal, *OWNER)
    page.locator("form[action$='/salesforce/connect'] button[type=submit]").first.click()
    page.wait_for_url("**/services/oauth2/authorize?*")
    page.get_by_role("button", name=re.compile("Anna")).first.click()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url(f"{portal}/salesforce")
    page.get_by_role("switch").first.click()
    page.locator("input[type=radio][value=leads]").wait_for()
    for kind in CALLS:
        page.goto(f"{portal}/demo")
        page.locator(f"input[name=kind][value={kind}]").check()
        page.locator("main form button[type=submit]").click()
        page.wait_for_load_state("networkidle")
    page.goto(f"{portal}/calls")
    expect(page.locator("tbody .pill-wait")).to_have_count(0, timeout=60_000)
