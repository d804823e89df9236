"""What a check judges: an org as it was seen, and today's settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from core.facts import OrgShape
from core.policy import Policy
from core.preflight.finding import Finding
from core.preflight.replay import Replay, replay
from core.preflight.seen import Seen


@dataclass(frozen=True)
class Case:
    seen: Seen
    policy: Policy

    @property
    def shape(self) -> OrgShape:
        return self.seen.shape

    @cached_property
    def replay(self) -> Replay:
        """What usual calls would write, and what the rules would say."""
        return replay(self.seen.shape, self.policy, self.seen.user_id)


Check = Callable[[Case], Iterator[Finding]]
