"""The mistake: leases and due times go by each machine's own clock.

`python -m tests.chaos.broken.machine_clock`, on PostgreSQL. The portal is the good one.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from sqlalchemy.ext.compiler import compiles

from core.store import now
from worker.__main__ import compose, main


@compiles(now._Moment, "postgresql")
def by_this_machine(element: Any, compiler: Any, **options: Any) -> str:
    """The database runs on the machine whose clock is right."""
    seconds = compiler.process(element.clauses, **options)
    ahead = float(os.environ.get("CLOCK_AHEAD", "0"))
    return f"(statement_timestamp() + make_interval(secs => {seconds} + {ahead}))"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], compose, "tests.chaos.broken.machine_clock"))
