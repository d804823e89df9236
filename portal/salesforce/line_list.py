"""Lists of SIP numbers and employees: pasted, imported from CSV, exported to CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from flask_babel import gettext as _

from core.objects import USER, object_of
from core.policy import LineRow
from portal.salesforce.org_view import OrgView

MOST_ROWS = 2000
LINE = re.compile(r"[0-9A-Za-z*#+][0-9A-Za-z_.+@*#-]{0,63}")
_BEFORE_FORMULA = re.compile(
    r"(?P<before>(?:^|[,;\t\r\n])[^\S\t\r\n]*)(?P<marks>'*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])"
)
"""Where a spreadsheet may begin to calculate: at the beginning of a cell, and wherever one of
another country takes a mark for the end of a cell. Full-width signs count, too."""
_HEADINGS = frozenset(
    "sip line number internal линия номер внутренний лінія внутрішній".split()  # noqa: SIM905
)
"""Words that a heading over the lines may be made of, in whatever language of the page."""


@dataclass(frozen=True)
class Problem:
    """A row that was not taken: its number from 1, its cells, and why."""

    row: int
    cells: tuple[str, ...]
    why: str

    @property
    def text(self) -> str:
        return " ".join(self.cells)[:80]


@dataclass(frozen=True)
class Pasted:
    rows: tuple[LineRow, ...]
    problems: tuple[Problem, ...]
    is_cut: bool = False
    """There were more than `MOST_ROWS` rows; the others were not read."""


def read_list(text: str, view: OrgView) -> Pasted:
    """`line, user` a row; the user by name, e-mail or id. Separated by tabs, semicolons or commas,
    whichever the first row uses. The last row for a line wins."""
    text = text.lstrip("\ufeff").replace("\0", "")
    rows: dict[str, LineRow] = {}
    problems: list[Problem] = []
    try:
        table = list(_cells(text))
    except csv.Error:
        return Pasted((), (Problem(1, (text[:80],), _("no table")),))
    for number, cells in enumerate(table[:MOST_ROWS], start=1):
        if not any(cells) or (number == 1 and _is_heading(cells[0])):
            continue
        found = _read_row(cells, view)
        if isinstance(found, LineRow):
            rows[found.line] = found
        else:
            problems.append(Problem(number, tuple(cells), found))
    return Pasted(tuple(rows.values()), tuple(problems), len(table) > MOST_ROWS)


def _is_heading(cell: str) -> bool:
    words = re.split(r"[\s-]+", cell.casefold())
    return set(words) <= _HEADINGS


def refused_rows(problems: Iterable[Problem]) -> str:
    """The rows that were not taken, as a list to put right and send again."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    for one in problems:
        # Two cells at least: the first row tells readers the separator.
        cells = one.cells if len(one.cells) > 1 else (*one.cells, "")
        writer.writerow([" ".join(cell.split()) for cell in cells])
    return out.getvalue()


def _cells(text: str) -> Iterable[list[str]]:
    first = next((row for row in text.splitlines() if row.strip()), "")
    separator = next((mark for mark in "\t;," if mark in first), " ")
    if separator == " ":
        return ([*row.split(None, 1)] or [""] for row in text.splitlines()[: MOST_ROWS + 1])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    rows = islice(reader, MOST_ROWS + 1)
    return [[_unguarded(cell.strip()) for cell in row] or [""] for row in rows]


def _read_row(cells: Sequence[str], view: OrgView) -> LineRow | str:
    """The row, or why it is none."""
    line, names = cells[0], [cell for cell in cells[1:] if cell]
    if not LINE.fullmatch(line):
        return _("not a SIP number")
    if not names:
        return _("no employee")
    # An export has name, e-mail and id: the most exact one that is known decides.
    for name in sorted(names, key=_exactness):
        found = view.find_user(name)
        if len(found) == 1:
            return LineRow(line=line, user_id=found[0])
        if found:
            return _("several users are called so; give the e-mail")
    return _("no such user in Salesforce")


def _exactness(name: str) -> int:
    if object_of(name) == USER:
        return 0
    return 1 if "@" in name else 2


def write_list(rows: Iterable[LineRow], view: OrgView) -> str:
    """A CSV that Excel opens in any language: with a byte order mark, and no cell a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["line", "name", "email", "user_id"])
    for row in rows:
        user = view.shape.users.get(row.user_id)
        name, email = (user.name, user.email) if user else ("", "")
        writer.writerow([_guarded(cell) for cell in (row.line, name, email, row.user_id)])
    return "\ufeff" + out.getvalue()


def _guarded(cell: str) -> str:
    """An apostrophe keeps a spreadsheet from running a cell (OWASP, "CSV Injection")."""
    return _BEFORE_FORMULA.sub(r"\g<before>'\g<marks>", cell)


def _unguarded(cell: str) -> str:
    """As it was before `_guarded`."""
    return _BEFORE_FORMULA.sub(_with_one_mark_less, cell)


def _with_one_mark_less(found: re.Match[str]) -> str:
    return found["before"] + found["marks"][1:]
