"""The document for administrators: whole, in each language, open to all, and found from pages."""

import re

import pytest

from core.policy import Mode
from tests.portal.helpers.orgs import connect, edit
from tests.portal.helpers.site import accessible, fits, serve

PATH = "/guide/salesforce"


@pytest.mark.parametrize(
    ("language", "first"),
    [("en", "For Salesforce"), ("ru", "Администратору"), ("uk", "Адміністраторові")],
)
def test_it_is_in_the_readers_language_and_whole(app, language, first):
    visitor = app.test_client()
    visitor.set_cookie("language", language)
    page = visitor.get(PATH).text
    assert f'lang="{language}"' in page and f"<h1>{first}" in page
    assert re.findall(r'id="(part-[^"]*)"', page) == [
        *("part-1", "part-2", "part-3", "part-3-1", "part-3-2"),
        *(f"part-{number}" for number in range(4, 10)),
    ]
    assert page.count("<table>") == 2
    assert ".md" not in page and "](" not in page


def test_pages_lead_to_it_and_to_its_parts(owner, store):
    def parts(path):
        return set(re.findall(rf'href="{PATH}(#[^"]*)?"', owner.get(path).text))

    assert parts("/salesforce") >= {"", "#part-3-2"}
    assert parts("/salesforce/check") == {"#part-7"}
    connect(store)
    edit(store, enabled=True, mode=Mode.CONTACTS)
    assert parts("/salesforce") >= {"#part-6"}


def test_it_is_read_on_a_phone_and_printed(app, page):
    with serve(app) as site:
        page.goto(f"{site}{PATH}#part-3-2")
        accessible(page)
        page.set_viewport_size({"width": 390, "height": 844})
        fits(page)
        page.emulate_media(media="print")
        assert not page.locator("header.top").is_visible()
        assert page.locator(".guide h1").is_visible()
