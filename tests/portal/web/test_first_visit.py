"""The first visit to the settings page: what it transfers, from where, under which rules."""

from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Response

from core.facts import FieldInfo, User
from core.languages import LANGUAGES
from core.policy import LineRow
from core.store import Store
from dev.judging import open_context
from tests.portal.conftest import PASSWORDS
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.orgs import edit, fields, see, shape
from tests.portal.helpers.site import sign_in

MOST = 70_000
"""Bytes, compressed, with headers."""
FIRST = ("Анна", "Богдан", "Вера", "Глеб", "Дарья", "Егор", "Жанна")
LAST = (
    "Коваль",
    "Шевченко",
    "Мельник",
    "Ткач",
    "Бондар",
    "Олейник",
    "Лысенко",
    "Руденко",
    "Мороз",
    "Павленко",
    "Савчук",
)


def visit(chromium: Browser, site: str, language: str) -> tuple[list[Response], int]:
    """The settings page in a browser that signed in with another page's files only kept aside."""
    context = open_context(chromium, locale=language)
    sign_in(context.new_page(), site, "owner", PASSWORDS["owner"])
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    answers: list[Response] = []
    session.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    page.on("response", lambda one: answers.append(one))
    page.goto(f"{site}{ACME}/salesforce", wait_until="networkidle")
    context.close()
    return answers, int(sum(sizes))


def test_it_is_small_in_every_language(chromium: Browser, site: str, store: Store):
    owner = store.accounts.person_by_email("owner@acme.example")
    assert owner
    for language in LANGUAGES:
        store.accounts.set_language(owner.id, language)
        answers, transferred = visit(chromium, site, language)
        assert len(answers) >= 8  # the page, its sheets, its scripts, the icon
        assert transferred > 20_000  # the measure measures
        assert transferred <= MOST, f"{language}: {transferred} bytes"


def test_it_stays_small_with_many_users_fields_and_lines(
    chromium: Browser, site: str, store: Store
):
    users = [
        User(f"005{n:012d}AAA", f"{FIRST[n % 7]} {LAST[n % 11]} {n}", f"person{n}@acme.example")
        for n in range(300)
    ]
    many = fields(*(FieldInfo(f"Field_{n}__c", f"Поле {n}", "string", 80) for n in range(500)))
    objects = ("Lead", "Contact", "Opportunity", "Task", "OpportunityContactRole")
    see(store, shape(users={one.id: one for one in users}, fields=dict.fromkeys(objects, many)))
    edit(store, lines=tuple(LineRow(line=str(2000 + n), user_id=users[n].id) for n in range(290)))
    _, transferred = visit(chromium, site, "ru")
    assert transferred <= MOST, f"{transferred} bytes"


def test_it_asks_nobody_else_and_runs_nothing_inline(chromium: Browser, site: str):
    answers, _ = visit(chromium, site, "ru")
    assert {urlsplit(one.url).netloc for one in answers} == {urlsplit(site).netloc}
    page = next(one for one in answers if urlsplit(one.url).path == f"{ACME}/salesforce")
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_the_browser_has_no_violation_to_report(settings: Page):
    """The fixture fails on any complaint in the console; these would not be written there."""
    settings.add_init_script(
        "document.addEventListener('securitypolicyviolation', event =>"
        " (window.violations = window.violations || []).push(event.blockedURI))"
    )
    settings.reload(wait_until="networkidle")
    settings.locator("#mode-contacts").check()
    settings.locator("#entities .saved").wait_for()
    assert settings.evaluate("window.violations || []") == []
    assert settings.evaluate("typeof htmx.version") == "string"
