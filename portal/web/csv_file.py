"""Tables as files that spreadsheets open in any language, running nothing of what is in a cell."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from flask import Response

BEFORE_FORMULA = re.compile(
    r"(?P<before>(?:^|[,;\t\r\n])[^\S\t\r\n]*)(?P<marks>'*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])"
)
"""Where a spreadsheet may begin to calculate: at the beginning of a cell, and wherever one of
another country takes a mark for the end of a cell. Full-width signs count, too."""


def guarded(cell: str) -> str:
    """An apostrophe keeps a spreadsheet from running a cell (OWASP, "CSV Injection")."""
    return BEFORE_FORMULA.sub(r"\g<before>'\g<marks>", cell)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A CSV for Excel and LibreOffice, with a byte order mark. Its cells must be `guarded`."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return "\ufeff" + out.getvalue()


def attachment(text: str, name: str) -> Response:
    """The file as an answer, kept in no cache."""
    answer = Response(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Cache-Control"] = "no-store"
    return answer
