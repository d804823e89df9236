"""A setting: its name, how a form of it is read, its label, and its values in words.

Each is declared once, in the module of its block. The route that changes it, its row on the page,
the history with undo, and the access log follow from that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from core.policy import LISTS, Policy
from portal.salesforce import reading
from portal.salesforce.org_view import OrgView
from portal.salesforce.reading import Reader
from portal.web.named import Words

InWords = Callable[[Any, OrgView], str]
"""A value as the history keeps it (JSON; of a list a row of `core.policy`) → what people read."""
Options = Callable[[Policy, OrgView], Iterable[tuple[str, Words]]]


def plain(value: Any, _org: OrgView) -> str:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return _("not chosen") if value in (None, "") else str(value)


@dataclass(frozen=True, eq=False)
class Setting:
    name: str
    """A field of `core.policy.Policy`, or `api_ceiling` of the connection."""
    label: Words
    reader: Reader | None = None
    """None: it has forms of its own rather than a single control."""
    in_words: InWords = plain
    control: str = ""
    """The macro of `_parts.html` that shows it; empty: the template of its block does."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """What else that macro shows, such as `hint`."""
    label_on_page: Callable[[Policy], Words] | None = None
    """Where the page says more than the history."""
    is_shown: Callable[[Policy], bool] = lambda _policy: True
    """Whether it means anything beside what else was chosen."""

    apply: Callable[[Policy, Any], Policy] | None = None
    """What a change of it means, where other settings change with it."""

    @property
    def is_list(self) -> bool:
        return self.name in LISTS

    def changed(self, policy: Policy, value: Any) -> Policy:
        if self.apply:
            return self.apply(policy, value)
        return policy.model_copy(update={self.name: value})

    def title(self, policy: Policy) -> Words:
        return self.label_on_page(policy) if self.label_on_page else self.label


def switch(name: str, label: Words, hint: Words = "", **more: Any) -> Setting:
    details = {"hint": hint}
    return Setting(name, label, reading.flag, control="switch", details=details, **more)


def choice(
    name: str,
    label: Words,
    options: Mapping[str, Words],
    hints: Mapping[str, Words] | None = None,
    **more: Any,
) -> Setting:
    """One of a few, all of them in sight."""
    details = {"options": options, "hints": hints or {}}
    words = one_of(options)
    return Setting(
        name, label, reading.one_of(options), words, control="choice", details=details, **more
    )


def select(
    name: str,
    label: Words,
    reader: Reader,
    in_words: InWords,
    options: Options,
    hint: Words = "",
    **more: Any,
) -> Setting:
    """One of a list that opens."""
    details = {"options": options, "hint": hint}
    return Setting(name, label, reader, in_words, control="select", details=details, **more)


def number(name: str, label: Words, lowest: int, highest: int, **more: Any) -> Setting:
    reader = reading.whole_number(lowest, highest)
    details = {"lowest": lowest, "highest": highest}
    return Setting(name, label, reader, control="number", details=details, **more)


def one_of(options: Mapping[str, Words]) -> InWords:
    """The option's own words; those of one that is no more are what was kept."""
    return lambda value, org: str(options.get(value) or plain(value, org))
