"""What an assertion is. A new one is one function in `subjects`:

@asserts("A graph can be written", expected="written, as one API call")
def graph_is_written(org: Org) -> Found: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dev.check_org.org import Org


@dataclass(frozen=True)
class Found:
    """What the org answered, in few words, and whether that is what the product expects."""

    good: bool
    text: str


class NotAsked(Exception):
    """This org cannot be asked; the text says why. Never to be taken for good."""


@dataclass(frozen=True)
class Assertion:
    """One thing the product takes for granted. `spends`: it ends the log-in, so it comes last,
    when everything written is deleted."""

    sentence: str
    expected: str
    ask: Callable[[Org], Found]
    spends: bool

    @property
    def name(self) -> str:
        """Stands in the marks of the rows that it writes, too."""
        return self.ask.__name__


def asserts(
    sentence: str, *, expected: str, spends: bool = False
) -> Callable[[Callable[[Org], Found]], Assertion]:
    """Declares an assertion. Its function raises `NotAsked`; a refusal that it lets through
    (`SalesforceError`) is a difference."""
    return lambda ask: Assertion(sentence, expected, ask, spends)
