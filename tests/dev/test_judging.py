"""What is judged stands still: less motion everywhere, and a wait for what still comes."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from core import ROOT
from dev.judging import await_rest

HTML = "<!doctype html><style>p { transition: opacity .5s }</style><p>Seen</p>"
ANSWER_LATE = """() => {
  const tell = (what) => document.dispatchEvent(new CustomEvent(what, { detail: { ctx } }));
  const ctx = {};
  tell("htmx:before:request");
  setTimeout(() => { window.isAnswered = true; tell("htmx:finally:request"); }, 500);
}"""


@pytest.fixture
def bare(page: Page) -> Page:
    page.route(
        "http://bare.example/", lambda route: route.fulfill(body=HTML, content_type="text/html")
    )
    page.goto("http://bare.example/")
    return page


def test_what_moves_has_come_to_rest(bare: Page):
    moving = bare.evaluate(
        "document.querySelector('p').style.opacity = 0.5; document.getAnimations().length"
    )
    assert moving == 1
    await_rest(bare)
    assert bare.eval_on_selector("p", "one => getComputedStyle(one).opacity") == "0.5"


def test_an_answer_on_its_way_has_come(bare: Page):
    bare.evaluate(ANSWER_LATE)
    await_rest(bare)
    assert bare.evaluate("window.isAnswered")


def test_pages_are_opened_and_judged_in_one_place_each():
    places = {
        "new_context(": {"judging.py"},
        "browser.new_page(": set(),
        "Axe(": {"site.py"},
        ".screenshot(": {"__main__.py"},
    }
    files = [file for folder in ("dev", "tests") for file in (ROOT / folder).rglob("*.py")]
    files.remove(Path(__file__))
    for call, where in places.items():
        assert {file.name for file in files if call in file.read_text()} == where, call
