"""The mistake: a write is not preceded by the question whether the Task is there already.

`python -m tests.chaos.broken.no_check`. The portal is the good one.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

from core.facts import Facts
from worker import deliver
from worker.__main__ import compose, main
from worker.planning import plan_calls


def forgetful(waiting: Any, policy: Any, facts: Facts) -> Any:
    """Plans as if no call were in Salesforce yet."""
    return plan_calls(waiting, policy, replace(facts, tasks={}))


if __name__ == "__main__":
    deliver.plan_calls = forgetful
    sys.exit(main(sys.argv[1:], compose, "tests.chaos.broken.no_check"))
