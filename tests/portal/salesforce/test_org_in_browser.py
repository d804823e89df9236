"""The page over the real stand-in org: read in time, slow, away, large, closed, empty."""

import time
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core.facts import FieldInfo, User
from core.policy import Policy
from core.reasons import stored
from core.store import Store
from core.store.database import utc_now
from core.store.policies import Actor
from dev.pictures.pages import fill_in
from tests.portal.conftest import PASSWORDS
from tests.portal.helpers.org import Salesforce
from tests.portal.helpers.orgs import edit, fields, see, shape
from tests.portal.helpers.site import accessible, fits, offered, serve, sign_in


@pytest.fixture
def cabinet(page: Page, app, store: Store, salesforce: Salesforce):
    """The owner before a page that has never seen the org it is connected to."""
    asked = {"client_id": "product-client", "org": "Acme"}
    granted = salesforce.control("POST", "/connections", **asked)
    names = ("org_id", "user_id", "instance_url")
    identity = {name: granted[name] for name in names}
    tokens = (granted["access_token"], granted["refresh_token"])
    store.connections.connected("acme", *tokens, org_name="Acme", **identity)
    edit(store, enabled=True)
    with serve(app) as address:
        sign_in(page, address, "owner", PASSWORDS["owner"])
        yield page
        page.goto("about:blank")  # a page that looks by itself would miss the server


def read(page: Page) -> None:
    """The page has read the org by itself."""
    expect(page.locator("#org [role=status]")).to_contain_text("as of")


def test_what_the_org_holds_is_offered_without_a_click(cabinet: Page, store: Store):
    read(cabinet)
    cabinet.locator("#mode-opportunities").check()
    expect(cabinet.locator("#open_stage option").nth(2)).to_be_attached()
    expect(offered(cabinet, "#own-field").nth(5)).to_be_attached()
    name = offered(cabinet, "#new-line-user").first.get_attribute("value")
    cabinet.fill("#new-line", "2001")
    cabinet.fill("#new-line-user", name or "")
    cabinet.keyboard.press("Enter")
    expect(cabinet.locator("#user-of-2001")).to_have_value(name or "")
    accessible(cabinet)


def test_a_preview_asks_the_org_and_writes_nothing(cabinet: Page, salesforce: Salesforce):
    read(cabinet)
    cabinet.locator(".page-links a[href$='/preview']").click()
    cabinet.fill("#number", "0505557182")
    cabinet.locator(".preview-form button").click()
    expect(cabinet.locator("#preview h3", has_text="Lead")).to_be_visible()
    expect(cabinet.locator("#preview")).to_contain_text("+380505557182")
    expect(cabinet.locator("#preview h2")).to_be_focused()
    accessible(cabinet)
    cabinet.set_viewport_size({"width": 390, "height": 700})
    cabinet.locator(".preview-form button").click()
    expect(cabinet.locator("#preview h2")).to_be_focused()
    expect(cabinet.locator("#preview h2")).to_be_in_viewport()
    fits(cabinet)
    assert salesforce.control("GET", "/orgs/Acme/records/Task") == []


def test_the_pictures_of_the_documentation_can_be_taken(cabinet: Page, store: Store):
    """What `make screenshots` fills in is filled in."""
    read(cabinet)
    fill_in(cabinet)
    policy = store.policies.get("acme")
    assert len(policy.lines) == 2 and len(policy.own_fields) == 1
    assert len(policy.missed_calls) == 1


def test_a_hanging_salesforce_holds_up_nothing(cabinet: Page, store, salesforce: Salesforce):
    read(cabinet)
    salesforce.control("POST", "/faults", kind="hang", times=None, seconds=60)
    began = time.monotonic()
    cabinet.reload(wait_until="domcontentloaded")
    expect(cabinet.locator("#lines")).to_be_visible()
    assert time.monotonic() - began < 20
    cabinet.locator("#org button").click()
    expect(cabinet.locator("#org [role=status]")).to_contain_text("slow")
    expect(offered(cabinet, "#new-line-user").first).to_be_attached()
    cabinet.locator("#mode-contacts").check()  # settings are saved all the same
    expect(cabinet.locator("#entities .saved")).to_be_visible()
    accessible(cabinet)
    salesforce.control("DELETE", "/faults")


def test_three_hundred_users_and_five_hundred_fields(settings: Page, store: Store):
    long = "Очень Длинное Имя Сотрудника " * 6
    users = [User(f"005{n:012d}AAA", f"{long}{n}", f"n{n}@acme.example") for n in range(300)]
    many = fields(*(FieldInfo(f"F{n}__c", f"Поле {n}", "string", length=80) for n in range(500)))
    objects = ("Lead", "Contact", "Opportunity", "Task", "OpportunityContactRole")
    of_all = dict.fromkeys(objects, many)
    see(store, shape(users={one.id: one for one in users}, fields=of_all))
    began = time.monotonic()
    settings.reload()
    assert time.monotonic() - began < 15
    expect(offered(settings, "#new-line-user")).to_have_count(300)
    expect(offered(settings, "#own-field").nth(499)).to_be_attached()
    settings.fill("#new-line", "2030")
    settings.fill("#new-line-user", users[250].name)
    settings.keyboard.press("Enter")
    expect(settings.locator("#user-of-2030")).to_have_value(users[250].name)
    settings.set_viewport_size({"width": 390, "height": 800})
    fits(settings)


def test_who_may_not_see_users_enters_ids(settings: Page, store: Store):
    see(store, shape(users={}))
    settings.reload()
    expect(settings.locator("#org [role=status]")).to_contain_text("user ids")
    accessible(settings)


def test_an_org_that_was_never_read_still_has_a_page(settings: Page, store: Store):
    store.shapes.forget("acme")
    store.policies.edit("acme", Actor(), lambda _: Policy(enabled=True))
    settings.reload()
    expect(settings.locator("#lines .empty")).to_be_visible()
    accessible(settings)


@pytest.mark.parametrize("phase", ["new", "off", "paused", "dead"])
def test_every_state_of_the_connection(settings: Page, store: Store, phase: str):
    if phase == "new":
        store.connections.disconnected("acme")
    elif phase == "off":
        edit(store, enabled=False)
    elif phase == "paused":
        later = utc_now() + timedelta(minutes=15)
        store.connections.paused("acme", later, stored("connection.ceiling", {}))
    else:
        store.connections.died("acme", stored("connection.refresh_refused", {}))
    for width, scheme in ((1280, "light"), (390, "dark")):
        settings.set_viewport_size({"width": width, "height": 800})
        settings.emulate_media(color_scheme=scheme)
        settings.reload()
        for summary in settings.locator("#connection summary").all():
            summary.click()
        accessible(settings)
        fits(settings)
    assert settings.locator("#connection .pill").count() == 1
    assert settings.locator("#connection [role=alert]").count() == (phase in ("paused", "dead"))
