"""The states of the pages that pictures are taken of, and the calls that fill them."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from dev.judging import await_rest

OWNER = ("demo@unitalk.example", "demo-unitalk")
MEMBER = ("member@unitalk.example", "member-unitalk")
STAFF = ("support@unitalk.example", "support-unitalk")
CALLS = ("incoming", "missed", "outgoing", "internal", "withheld", "incoming", "missed", "day")

PATHS = {
    "history": "/salesforce/history",
    "preflight": "/salesforce/check",
    "preview": "/preview",
    "journal": "/calls",
    "missed": "/missed",
    "missed-nothing-fits": "/missed?external_line=nobody",
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
            "settings": lambda: self._mode("leads"),
            "mode-contacts": lambda: self._mode("contacts"),
            "mode-opportunities": lambda: self._mode("opportunities"),
            "call": lambda: self._call("done"),
            "call-needs-attention": lambda: self._call("attention"),
            "call-called-back": self._called_back,
            "connection-unfolded": self._connection_unfolded,
            "preview-answer": self._preview_answer,
            "test-call": self._test_call,
            "preflight-unfolded": self._preflight_unfolded,
        }

    def names(self) -> list[str]:
        return [*PATHS, *self.special]

    def go(self, name: str) -> None:
        if name in PATHS:
            self.page.goto(self.portal + PATHS[name])
        else:
            self.special[name]()
        await_rest(self.page)

    def _mode(self, mode: str) -> None:
        self.page.goto(f"{self.portal}/salesforce")
        if not self.page.locator(f"#mode-{mode}").is_checked():
            self.page.locator(f"#mode-{mode}").check()
            expect(self.page.locator("#entities .saved").first).to_be_attached()
        self.page.goto(f"{self.portal}/salesforce")

    def _call(self, state: str) -> None:
        self.page.goto(f"{self.portal}/calls?state={state}")
        self.page.locator("tbody a").first.click()
        self.page.wait_for_url(re.compile("/calls/[^?]+$"))

    def _called_back(self) -> None:
        """A call with the story of a missed one."""
        self.page.goto(f"{self.portal}/missed")
        self.page.locator("#missed summary").click()
        self.page.locator(".ended a").first.click()
        self.page.wait_for_url(re.compile("/calls/[^?]+$"))

    def _connection_unfolded(self) -> None:
        self.page.goto(f"{self.portal}/salesforce")
        for folded in self.page.locator("#connection summary").all():
            folded.click()

    def _preflight_unfolded(self) -> None:
        self.page.goto(f"{self.portal}/salesforce/check")
        for folded in self.page.locator("#preflight summary").all():
            folded.click()

    def _preview_answer(self) -> None:
        self.page.goto(f"{self.portal}/preview")
        self.page.locator("main input[name=number]").fill("0505557182")
        self.page.locator("main form button[type=submit]").first.click()

    def _test_call(self) -> None:
        self.page.goto(f"{self.portal}/salesforce/test-call")
        self.page.locator("#test-call form.preview-form button").click()
        expect(self.page.locator("#test-call .compared").first).to_be_visible(timeout=20_000)


def sign_in(page: Page, portal: str, email: str, password: str) -> None:
    page.goto(f"{portal}/sign-in")
    enter_password(page, email, password)


def enter_password(page: Page, email: str, password: str) -> None:
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").fill(password)
    page.locator("main button[type=submit]").click()
    await_rest(page)


def speak(page: Page, portal: str, language: str) -> None:
    """Choose the language as a person does: by the menu in the header."""
    page.goto(f"{portal}/me")
    menu = page.locator("details.menu", has=page.locator("button[name=language]"))
    menu.locator("summary").click()
    menu.locator(f"button[value={language}]").click()
    await_rest(page)


def prepare(page: Page, portal: str) -> None:
    """Connect, switch on, fill in a row of everything, and hand over calls of every kind."""
    page.goto(f"{portal}/salesforce")
    page.locator("form[action$='/salesforce/connect'] button[type=submit]").first.click()
    page.wait_for_url("**/services/oauth2/authorize?*")
    page.get_by_role("button", name=re.compile("Anna")).first.click()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/a/*/salesforce")
    page.get_by_role("switch").first.click()
    page.locator("input[type=radio][value=leads]").wait_for()
    fill_in(page)
    for kind in CALLS:
        send(page, portal, kind)
    page.goto(f"{portal}/calls")
    expect(page.locator("tbody .pill-wait")).to_have_count(0, timeout=60_000)


def fill_in(page: Page) -> None:
    """Two lines, who is responsible for missed calls, and an own field, as a customer would."""
    page.locator("#new-line-user").focus()  # the list comes to whoever is about to choose
    expect(page.locator("#org-users option").first).to_be_attached(timeout=20_000)
    people = page.locator("#org-users option").all()
    names = [str(one.get_attribute("value")) for one in people[:2]]
    for line, name in zip(("101", "102"), names, strict=False):
        page.fill("#new-line", line)
        page.fill("#new-line-user", name)
        page.locator("#new-line-user").press("Enter")
        page.locator(f"#user-of-{line}").wait_for()
    for name in names:
        page.fill("#missed-line", "380443334455")
        page.fill("#missed-user", name)
        page.locator("#missed-user").press("Enter")
        page.locator("#missed_calls .chip", has_text=name).first.wait_for()
    page.fill("#own-field", "Description")
    page.fill("#own-template", "UniTalk: {status}, {external_line}")
    page.locator("#own-template").press("Enter")
    page.locator("#Lead-Description-template").wait_for()


def send(page: Page, portal: str, kind: str) -> None:
    page.goto(f"{portal}/demo")
    page.locator(f"input[name=kind][value={kind}]").check()
    page.locator("main form button[type=submit]").first.click()
    await_rest(page)
