"""Asks the org every assertion, one after the other, and leaves nothing behind."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from core.salesforce.errors import ConnectionDead, Paused, SalesforceError, Transient
from dev.check_org.assertions import Assertion, NotAsked
from dev.check_org.cleaning import delete_marked
from dev.check_org.org import MARK, Org

_NO_ANSWER = (Transient, Paused, ConnectionDead)
"""They say nothing of the assertion."""


class Verdict(StrEnum):
    GOOD = "good"
    DIFFERENT = "different"
    NOT_ASKED = "could not be asked"


@dataclass(frozen=True)
class Asked:
    """A line of the table."""

    assertion: Assertion
    verdict: Verdict
    found: str
    calls: int
    milliseconds: int


@dataclass
class Outcome:
    asked: list[Asked] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """Rows that could not be deleted."""

    def count(self, verdict: Verdict) -> int:
        return sum(one.verdict is verdict for one in self.asked)


class Progress(Protocol):
    """Hears how it goes."""

    def begins(self, assertion: Assertion) -> None: ...

    def ended(self, asked: Asked) -> None: ...


def ask_all(
    org: Org, assertions: Sequence[Assertion], outcome: Outcome, progress: Progress
) -> None:
    """Fills `outcome`, also when it is interrupted: what was written is deleted all the same. What
    a killed run left is deleted first: a look-up or a duplicate rule would find it."""

    def each(some: Iterator[Assertion]) -> None:
        for one in some:
            progress.begins(one)
            outcome.asked.append(ask(org, one))
            progress.ended(outcome.asked[-1])

    try:
        delete_marked(org)
        each(one for one in assertions if not one.spends)
    finally:
        outcome.left = [f"maybe every row that is called “{MARK} …”"]  # should we be stopped again
        outcome.left = delete_marked(org)
    each(one for one in assertions if one.spends)


def ask(org: Org, assertion: Assertion) -> Asked:
    calls, began = org.calls, time.monotonic()
    verdict, text = _answer(org, assertion)
    taken = round((time.monotonic() - began) * 1000)
    return Asked(assertion, verdict, text, org.calls - calls, taken)


def _answer(org: Org, assertion: Assertion) -> tuple[Verdict, str]:
    try:
        found = assertion.ask(org)
    except NotAsked as why:
        return Verdict.NOT_ASKED, str(why)
    except _NO_ANSWER as error:
        return Verdict.NOT_ASKED, str(error)
    except SalesforceError as error:
        return Verdict.DIFFERENT, str(error)
    except Exception as error:
        # The answer has another form than was expected. The rest is asked all the same.
        return Verdict.DIFFERENT, f"unreadable: {type(error).__name__} {error}"
    return Verdict.GOOD if found.good else Verdict.DIFFERENT, found.text
