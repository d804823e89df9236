"""What befalls an account in the pictures: a refused call, a pause, a dead connection, a visit."""

from collections.abc import Iterator

import httpx
import pyotp
from playwright.sync_api import Page, expect

from dev.judging import await_rest
from dev.pictures.pages import STAFF, send, sign_in
from portal.signin.demo_factor import STAFF_SECRET

RULE = {
    "object": "Lead",
    "when": "Company = '—'",
    "message": "Company: enter the company of the lead.",
    "field": "Company",
}


def switch(org: str, **settings: object) -> None:
    """Flip switches of the stand-in org at that address."""
    address = f"{org}/__control__/orgs/Acme/settings"
    httpx.patch(address, json=settings, timeout=10).raise_for_status()


def refuse_a_call(page: Page, portal: str, org: str) -> None:
    """A validation rule of the customer's own stands against a new lead."""
    switch(org, validation_rules=[RULE])
    send(page, portal, "incoming")
    expect(page.locator("tbody .pill-bad").first).to_be_visible(timeout=30_000)
    switch(org, validation_rules=[])


def spoil_the_org(page: Page, portal: str, org: str) -> None:
    """Fields are hidden, one is required, records are private: the pre-flight finds it."""
    region = {"name": "Region__c", "type": "string", "label": "Region", "length": 255}
    required = [{**region, "custom": True, "nillable": False}]
    switch(
        org,
        custom_fields={"Lead": required, "Contact": required},
        hidden_fields=["Task.WhoId", "Task.Description"],
        sharing="private",
        view_all=[],
    )
    check(page, portal)


def mend_the_org(page: Page, portal: str, org: str) -> None:
    everything = ["Account", "Contact", "Lead", "Opportunity"]
    switch(org, custom_fields={}, hidden_fields=[], sharing="public", view_all=everything)
    check(page, portal)


def check(page: Page, portal: str) -> None:
    """Press the button of the pre-flight and wait for its end."""
    page.goto(f"{portal}/salesforce/check")
    page.locator("form[action$='/check'] button").click()
    expect(page.locator("#preflight [hx-trigger]")).to_have_count(0, timeout=30_000)
    await_rest(page)


def pause(page: Page, portal: str) -> None:
    """The customer's own ceiling is reached."""
    page.goto(f"{portal}/salesforce")
    page.fill("#api_ceiling", "1")
    page.locator("#api_ceiling").press("Enter")
    expect(page.locator("form[action$='/ceiling'] .saved")).to_be_attached()
    send(page, portal, "incoming")
    _await_pill(page, portal, "pill-wait")


def lose_the_connection(page: Page, portal: str, org: str) -> None:
    """The administrator closed the API; calls are held."""
    page.goto(f"{portal}/salesforce")
    page.fill("#api_ceiling", "")
    page.locator("#api_ceiling").press("Enter")
    switch(org, api_enabled=False)
    send(page, portal, "incoming")
    _await_pill(page, portal, "pill-bad")


def press_the_switch(page: Page, portal: str) -> None:
    """The owner's own, on a connection that works: off, or on again."""
    page.goto(f"{portal}/salesforce")
    page.get_by_role("switch").first.click()
    await_rest(page)


def visit(page: Page, portal: str) -> None:
    """Support, with both factors, to the page where a visit begins."""
    sign_in(page, portal, *STAFF)
    page.fill("#code", pyotp.TOTP(STAFF_SECRET).now())
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"{portal}/support")


def hand_over_rubbish(page: Page, portal: str) -> None:
    """As the owner, with a new key: calls without a date, and with a direction of their own."""
    page.goto(f"{portal}/keys")
    page.locator("main form[action$='/issue'] button").click()
    key = page.locator(".secret").inner_text()
    calls = [{"dbid": 1, "from": "380501112233", "direction": "IN"}, {"dbid": 2, "direction": "?"}]
    httpx.post(
        f"{portal}/api/calls",
        json=[{"event": "CALL_END", "call": one} for one in calls],
        headers={"Authorization": f"Bearer {key.strip()}"},
        timeout=10,
    )


def open_refused(page: Page, portal: str) -> Iterator[str]:
    """As support."""
    page.goto(f"{portal}/refused")
    yield "support-refused"
    page.locator("main .rows a").first.click()
    yield "support-refused-event"
    page.goto(f"{portal}/refused?account=nobody")
    yield "support-refused-nothing"


def enter(page: Page, portal: str) -> None:
    page.goto(f"{portal}/support/demo")
    page.fill("#reason", "Позвонили: нет лидов со вчерашнего дня")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/a/*/salesforce")


def _await_pill(page: Page, portal: str, look: str) -> None:
    for _ in range(30):
        page.goto(f"{portal}/salesforce")
        if page.locator(f"#connection .{look}").count():
            return
        page.wait_for_timeout(1000)
    raise SystemExit(f"The connection card never showed {look}")
