"""Lists of SIP numbers and employees: pasted, imported from CSV, exported to CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from core.objects import USER, object_of
from core.policy import LineRow
from core.same_text import folded, plain
from portal.salesforce.lists.columns import Columns, columns_of, may_be_headings
from portal.salesforce.lists.numbers import is_kept, was_changed
from portal.salesforce.lists.table import rows_of
from portal.salesforce.org_view import OrgView
from portal.web.csv_file import BEFORE_FORMULA, guarded, table

MOST_ROWS = 2000
LINE = re.compile(r"[0-9A-Za-z*#+][0-9A-Za-z_.+@*#-]{0,63}")
_WRAPPED = re.compile(r"=\s*([\"'])(.*)\1", re.S)
"""How some programs keep a spreadsheet from changing a cell: `="007"`."""


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
    headings: str = ""
    """The first row, when it looks like headings that are not understood."""


def read_list(text: str, view: OrgView) -> Pasted:
    """`line, user` a row, or as the headings say; the user by name, e-mail or id. Separated by
    tabs, semicolons, bars or commas. The last row for a line wins."""
    text = text.lstrip("\ufeff").replace("\0", "")
    rows: dict[str, LineRow] = {}
    problems: list[Problem] = []
    columns = Columns()
    try:
        table = rows_of(text, MOST_ROWS + 1)
    except csv.Error:
        return Pasted((), (Problem(1, (text[:80],), _("no table")),))
    for number, row in enumerate(table[:MOST_ROWS], start=1):
        cells = columns.arranged([_cleaned(cell) for cell in row])
        if not any(row):
            continue
        found = _read_row(cells, view)
        if isinstance(found, LineRow):
            rows[folded(found.line)] = found
        elif not rows and (headed := columns_of(row)):
            columns = headed
            problems = [one for one in problems if len(list(filter(None, one.cells))) > 1]
        else:
            problems.append(Problem(number, tuple(cells), found))
    headings = ""
    if rows and columns == Columns() and _is_headings(problems, table, view):
        headings = problems.pop(0).text
    return Pasted(tuple(rows.values()), tuple(problems), len(table) > MOST_ROWS, headings)


def _is_headings(problems: Sequence[Problem], table: Sequence[list[str]], view: OrgView) -> bool:
    """Whether the first row was refused, and names neither a line nor a user."""
    first = next(number for number, row in enumerate(table, start=1) if any(row))
    return (
        bool(problems)
        and problems[0].row == first
        and may_be_headings(problems[0].cells)
        and not any(map(view.find_user, problems[0].cells))
    )


def refused_rows(problems: Iterable[Problem]) -> str:
    """The rows that were not taken, as a list to put right and send again."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    for one in problems:
        # Two cells at least: the first row tells readers the separator.
        cells = one.cells if len(one.cells) > 1 else (*one.cells, "")
        writer.writerow([" ".join(cell.split()) for cell in cells])
    return out.getvalue()


def _read_row(cells: Sequence[str], view: OrgView) -> LineRow | str:
    """The row, or why it is none."""
    cell, names = plain(cells[0]), [cell for cell in cells[1:] if cell]
    line = cell.strip("'")
    if line == cell and was_changed(line):  # an apostrophe keeps a spreadsheet from it
        return _("changed by a spreadsheet: format the column as text")
    if not LINE.fullmatch(line):
        return _("not a SIP number")
    if not names:
        return _("no employee")
    # An export has name, e-mail and id: the most exact one that is known decides. Last come first
    # name and surname of two columns, in either order.
    joined = (" ".join(names), " ".join(reversed(names)))
    for name in (*sorted(names, key=_exactness), *joined):
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
    """A CSV that Excel and LibreOffice open in any language and save again without loss: no cell is
    a formula, and no line a number that they would change."""
    return table(["line", "name", "email", "user_id"], [_cells(row, view) for row in rows])


def _cells(row: LineRow, view: OrgView) -> list[str]:
    user = view.shape.users.get(row.user_id)
    name, email = (user.name, user.email) if user else ("", "")
    line = row.line if is_kept(row.line) else f"'{row.line}"
    return [line, *map(guarded, (name, email, row.user_id))]


def _cleaned(cell: str) -> str:
    """What stood in the cell before a spreadsheet was kept from changing it."""
    wrapped = _WRAPPED.fullmatch(cell)
    return wrapped[2].strip() if wrapped else _unguarded(cell)


def _unguarded(cell: str) -> str:
    """As it was before `guarded`."""
    return BEFORE_FORMULA.sub(_with_one_mark_less, cell)


def _with_one_mark_less(found: re.Match[str]) -> str:
    return found["before"] + found["marks"][1:]
