"""Clicks at random, answers in any order, some lost: what was meant is shown, and kept."""

from itertools import cycle
from random import Random

import pytest
from flask import Flask
from playwright.sync_api import Page

from core.facts import FieldInfo
from core.store import Store
from dev.judging import await_rest
from tests.portal.helpers.clicker import DRAFT, STRANGER, Clicker, kept
from tests.portal.helpers.gate import Gate
from tests.portal.helpers.orgs import fields, see, shape

STEPS = 40


def let_one_go(gate: Gate, clicker: Clicker, random: Random) -> None:
    """Any block's; a change of what has no two states may fail on its way."""
    waiting = gate.gather(clicker.page)
    if not waiting:
        return
    held = random.choice(waiting)
    name = held.path.rpartition("/set/")[2]
    fails = not held.is_done and isinstance(clicker.meant.get(name), str) and random.random() < 0.2
    if fails:
        clicker.doubtful.add(name)
    gate.free(clicker.page, held, fails)


@pytest.mark.parametrize("seed", range(6))
def test_what_was_meant_is_shown_and_kept(
    settings: Page, app: Flask, store: Store, complaints, seed: int
):
    for status in ("422", "502"):
        complaints.expect(status)
    mobile = fields(FieldInfo("MobilePhone", "Mobile", "phone", length=40))
    see(store, shape(fields=dict.fromkeys(("Lead", "Contact", "Opportunity", "Task"), mobile)))
    settings.reload()
    late = cycle((True, False))
    app.wsgi_app = gate = Gate(app.wsgi_app, lambda _: next(late))
    await_rest(settings)
    gate.shut(settings)
    random = Random(seed)
    clicker = Clicker(settings, random, store.policies.get("acme"))
    for _ in range(STEPS):
        if random.random() < 0.4:
            let_one_go(gate, clicker, random)
        else:
            clicker.act()
        assert clicker.astray() == {}
    settings.evaluate("document.activeElement.blur()")
    gate.open()
    await_rest(settings)
    assert clicker.astray() == {}
    saved = kept(store.policies.get("acme"))
    clicker.meant.pop(DRAFT, None)
    assert clicker.sure(saved) == clicker.sure(clicker.meant)
    assert saved.keys() == clicker.meant.keys()
    shown = clicker.shown()
    for name in clicker.doubtful & shown.keys():
        assert shown[name] in (saved[name], STRANGER), name
