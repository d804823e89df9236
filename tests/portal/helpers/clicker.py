"""A person who changes settings at random, quicker than the answers, and knows what they meant."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from playwright.sync_api import Page

from core.policy import Policy
from tests.portal.helpers.orgs import ANNA, LAYLA, USERS

SWITCHES = ("known_contact_first", "create_on_outgoing")
TICKS = ("Lead.MobilePhone", "Contact.MobilePhone")
RADIOS = {
    "mode": ("leads", "contacts", "opportunities"),
    "converted_lead": ("create", "ignore"),
    "closed_opportunity": ("create", "reopen"),
}
SELECTS = {"region": ("UA", "PL", "DE"), "language": ("ru", "uk", "en")}
NAMES = {user.id: user.name for user in USERS}
PEOPLE = (NAMES[ANNA], NAMES[LAYLA])
STRANGER = "Nobody Knows"
TEXTS = {
    "close_in_days": ("3", "14", "30"),
    "missed_task_due_minutes": ("15", "60", "90"),
    "time_zone": ("Europe/Kyiv", "Europe/Warsaw", "Asia/Tokyo"),
    "default_responsible": (*PEOPLE, STRANGER),
}
DRAFT = "excluded-number"
SHOWN = """() => {
  const fields = "[data-seen] form[hx-trigger^=change] :is(input, select)[id], #excluded-number";
  const told = { radio: (one) => [one.id.split("-")[0], one.value],
    checkbox: (one) => [one.value === "on" ? one.id : one.value, one.checked] };
  return Object.fromEntries([...document.querySelectorAll(fields)]
    .filter((one) => one.type !== "radio" || one.checked)
    .map((one) => told[one.type]?.(one) ?? [one.id, one.value]));
}"""


def kept(policy: Policy) -> dict[str, Any]:
    """What is kept, by setting, phone field and row, as the page would show it."""
    names = (*SWITCHES, *RADIOS, *SELECTS, *TEXTS)
    values = {name: getattr(policy, name) for name in names}
    values["default_responsible"] = NAMES.get(policy.default_responsible, "")
    texts = {name: str(values[name]) for name in TEXTS}
    ticks = {name: name in policy.phone_fields for name in TICKS}
    rows = {f"user-of-{row.line}": NAMES[row.user_id] for row in policy.lines}
    return {**values, **texts, **ticks, **rows}


class Clicker:
    def __init__(self, page: Page, random: Random, policy: Policy) -> None:
        self.page, self.random = page, random
        self.meant = kept(policy)
        self.doubtful: set[str] = set()
        """Settings of which a change was refused or failed, and none was made since."""
        self._removed: set[str] = set()
        self._lines = iter(range(2101, 2200))

    def shown(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(SHOWN)
        return {name: found[name] for name in found if name not in self._removed}

    def sure(self, values: dict[str, Any]) -> dict[str, Any]:
        """Those of the values of which nothing was refused or lost."""
        names = self.meant.keys() - self.doubtful
        return {name: value for name, value in values.items() if name in names}

    def astray(self) -> dict[str, Any]:
        """What the page shows otherwise than it was meant."""
        shown = self.sure(self.shown())
        return {name: shown[name] for name in shown if shown[name] != self.meant[name]}

    def act(self) -> None:
        """Change something that is on the page now."""
        rows = [name for name in self.shown() if name.startswith("user-of-")]
        there = sorted(self.meant.keys() & self.shown().keys())
        more = (self._add_row, self._write_draft, self._look)
        acts: list[str | Callable[[], None]] = [*there, *more, *rows[:1]]
        act = self.random.choice(acts)
        if callable(act):
            act()
        elif act in rows and self.random.random() < 0.5:
            self._remove_row(act)
        else:
            self._change(act)

    def _change(self, name: str) -> None:
        self.doubtful.discard(name)
        if name in SWITCHES or name in TICKS:
            self.meant[name] = not self.meant[name]
            self.page.locator(f"#{name}" if name in SWITCHES else f"[value='{name}']").click()
        elif name in RADIOS:
            self.meant[name] = self.random.choice(RADIOS[name])
            self.page.locator(f"#{name}-{self.meant[name]}").click()
        elif name in SELECTS:
            self.meant[name] = self.random.choice(SELECTS[name])
            self.page.locator(f"#{name}").select_option(self.meant[name])
        elif name != DRAFT:
            self._type(name)

    def _type(self, name: str) -> None:
        words = self.random.choice(TEXTS.get(name, PEOPLE))
        self.page.fill(f"#{name}", words)
        if words == STRANGER:
            self.doubtful.add(name)
        else:
            self.meant[name] = words
        if self.random.random() < 0.6:  # else it is sent when they go on
            self.page.keyboard.press("Tab")

    def _add_row(self) -> None:
        line, name = next(self._lines), self.random.choice(PEOPLE)
        self.page.fill("#new-line", str(line))
        self.page.fill("#new-line-user", name)
        self.page.keyboard.press("Enter")
        self.meant[f"user-of-{line}"] = name

    def _remove_row(self, row: str) -> None:
        line = row.removeprefix("user-of-")
        self.page.locator(f"form[action$='/lines/{line}/remove'] button").click()
        self._removed.add(row)
        self.meant.pop(row)

    def _write_draft(self) -> None:
        """What waits for its button."""
        self.meant[DRAFT] = str(self.random.randrange(1000, 9999))
        self.page.fill(f"#{DRAFT}", self.meant[DRAFT])

    def _look(self) -> None:
        """Back from another tab."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
