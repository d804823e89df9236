"""A person makes a test call before anything is switched on."""

import pytest
from playwright.sync_api import Page, expect

from core.store import Store
from tests.portal.conftest import PASSWORDS
from tests.portal.helpers.org import Salesforce
from tests.portal.helpers.orgs import edit
from tests.portal.helpers.site import accessible, fits, serve, sign_in


@pytest.fixture
def cabinet(page: Page, app, store: Store, salesforce: Salesforce):
    """The owner before the settings page, connected to the stand-in and switched off."""
    granted = salesforce.control("POST", "/connections", client_id="product-client", org="Acme")
    identity = {name: granted[name] for name in ("org_id", "user_id", "instance_url")}
    tokens = (granted["access_token"], granted["refresh_token"])
    store.connections.connected("acme", *tokens, org_name="Acme", **identity)
    edit(store, language="en")
    with serve(app) as address:
        sign_in(page, address, "owner", PASSWORDS["owner"])
        yield page
        page.goto("about:blank")  # a page that looks by itself would miss the server


def test_it_is_made_shown_and_leaves_the_org_as_it_was(cabinet: Page, salesforce: Salesforce):
    flow = {"object": "Lead", "sets": {"Company": "By a flow " * 5}}
    salesforce.control("PATCH", "/orgs/Acme/settings", flows=[flow])
    before = salesforce.control("GET", "/orgs/Acme/records/Lead")
    cabinet.locator("#connection a", has_text="Test call").click()
    accessible(cabinet)
    cabinet.get_by_label("Missed").check()
    cabinet.get_by_role("button", name="Make a test call").click()
    result = cabinet.locator("section[aria-labelledby=result-title]")
    expect(result.locator(".pill")).to_have_text("1 field differs")
    expect(result.locator(".differs")).to_contain_text("By a flow")
    expect(cabinet.get_by_label("Missed")).to_be_checked()
    cabinet.locator("summary", has_text="How this was decided").click()
    for width, scheme in ((1280, "light"), (390, "dark")):
        cabinet.set_viewport_size({"width": width, "height": 800})
        cabinet.emulate_media(color_scheme=scheme)
        accessible(cabinet)
        fits(cabinet)
    assert salesforce.control("GET", "/orgs/Acme/records/Lead") == before
