"""For those who asked their system for less motion, nothing moves."""

import pytest
from playwright.sync_api import Page, expect

from core.store import Store
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.calls import hand_over

MOVES = "document.getAnimations().length"


@pytest.fixture(params=["no-preference", "reduce"])
def moves(request: pytest.FixtureRequest, settings: Page) -> bool:
    settings.emulate_media(reduced_motion=request.param)
    return request.param == "no-preference"


def test_of_the_journal(settings: Page, site: str, store: Store, moves: bool):
    hand_over(store)
    settings.goto(f"{site}{ACME}/calls")
    expect(settings.locator(".live-dot")).to_be_visible()
    assert bool(settings.evaluate(MOVES)) == moves


def test_of_the_settings(settings: Page, moves: bool):
    settings.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    assert bool(settings.evaluate(MOVES)) == moves
