"""Looks at orgs by the hour, at what no call brings: each asks only where there is something due.

Beside the supervisor, in a thread of its own: a slow org holds up nothing but the next one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from worker.late import look_for_late
from worker.runtime import Runtime

log = structlog.get_logger()

EVERY_SECONDS = 60.0
"""Between two questions to the database whether something is due."""
LOOKS: tuple[Callable[[Runtime], object], ...] = (look_for_late,)


def look_by_the_hour(runtime: Runtime, stop: threading.Event) -> None:
    """Until told to stop. A look that fails is said, whatever it failed on, and stops no other."""
    while not stop.wait(EVERY_SECONDS):
        for look in LOOKS:
            try:
                look(runtime)
            except SQLAlchemyError as error:
                log.warning("looks failed; they go on", error=type(error).__name__)
            except Exception as mistake:
                log.error("looks failed unexpectedly; they go on", exc_info=mistake)
