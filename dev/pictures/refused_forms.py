"""What the pages answer to those who enter what cannot be, and what is shown only once."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page

from dev.judging import await_rest

SETTINGS = "/salesforce"


def every_state(page: Page, portal: str) -> Iterator[str]:
    """As the owner of a connected account."""
    page.goto(portal + SETTINGS)
    _fill_and_enter(page, {"#new-line": "103", "#new-line-user": "Nobody At All"})
    _fill_and_enter(page, {"#own-field": "Company", "#own-template": "{no_such_word}"})
    _fill_and_enter(page, {"#excluded-number": "12"})
    _unfold(page, "#lines")
    page.fill("#lines-text", "2001; Nobody At All\n2002\n2003; Anna Kovalenko; more")
    page.locator("#lines form[enctype] button").click()
    await_rest(page)
    yield "settings-refused"
    page.goto(f"{portal}/people")
    _submit(page, "form[action$='/invite']", {"#invite-email": "demo@unitalk.example"})
    yield "team-refused"
    page.goto(f"{portal}/me")
    _submit(page, "form.narrow", {"#present": "wrong", "#password": "a few good words"})
    yield "me-refused"
    page.goto(f"{portal}/keys")
    page.locator("main form button").last.click()
    await_rest(page)
    yield "keys-new"
    page.goto(f"{portal}/preview")
    _submit(page, "form.preview-form", {"[name=number]": "anonymous"})
    yield "preview-skipped"


def before_connecting(page: Page, portal: str) -> Iterator[str]:
    """As the owner of an account that is not connected."""
    page.goto(portal + SETTINGS)
    yield "settings-not-connected"
    _unfold(page, "#connection")
    yield "environment"
    page.locator("[name=environment][value=my_domain]").check()
    page.fill("#my_domain", "acme.example.com")
    page.locator("#connection form:has(#my_domain) button[type=submit]").click()
    await_rest(page)
    yield "environment-refused"
    page.locator("[name=flow][value=client_credentials]").check()
    yield "environment-own-app"
    page.goto(portal + SETTINGS)
    page.locator("form[action$='/connect'] button").first.click()
    page.wait_for_url("**/authorize?*")
    page.get_by_role("button", name=re.compile("Anna")).first.click()
    page.get_by_role("button", name="Deny").click()
    page.wait_for_url("**/a/*/salesforce**")
    yield "settings-denied"


def _unfold(page: Page, block: str) -> None:
    for folded in page.locator(f"{block} details:not([open]) > summary").all():
        folded.click()


def _fill_and_enter(page: Page, words: dict[str, str]) -> None:
    """The answer has come when this returns."""
    for field, text in words.items():
        page.fill(field, text)
    page.keyboard.press("Enter")  # in the last one
    await_rest(page)


def _submit(page: Page, form: str, words: dict[str, str]) -> None:
    for field, text in words.items():
        page.fill(f"main {form} {field}", text)
    page.locator(f"main {form} button[type=submit]").first.click()
    await_rest(page)
