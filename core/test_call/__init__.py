"""A marked call by today's settings, to a number that nobody has, written and removed again.

    choose a number ──▶ look up ──▶ decide ──▶ mark ──▶ apply ──▶ read back ──▶ remove ──▶ tell
                            ▲                             │
                            └──── a lesson, as a delivery ┘

It goes through the same rules and the same write as a delivery, but not through the ledger: nothing
is journaled or remembered, and no turn is taken. It touches no record that it did not create: a
plan that would is told and not carried out.

What it wrote stands in its row of `checks` before anything is removed, and its key before anything
is written. So whoever dies on the way, or gets no answer, leaves what `finish` finds and removes.
"""

from core.test_call.call import Kind
from core.test_call.finish import finish, is_due, is_unfinished
from core.test_call.report import TEST_CALL, Field, Left, Record, Report, read_report
from core.test_call.story import run

__all__ = [
    "TEST_CALL",
    "Field",
    "Kind",
    "Left",
    "Record",
    "Report",
    "finish",
    "is_due",
    "is_unfinished",
    "read_report",
    "run",
]
