"""The table of SIP numbers as a list: pasted, imported from a file, exported to one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from flask import request
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.policy import LineRow, Policy
from core.same_text import folded
from portal.salesforce.lines import BLOCK, LINES, by_line
from portal.salesforce.lists import MOST_ROWS, Pasted, read_list, refused_rows, write_list
from portal.salesforce.lists.file import WrongKind, checked, text_of
from portal.salesforce.saving import Note, org_of_request, refuse, save
from portal.web.csv_file import attachment
from portal.web.who import current_policy

LONGEST = 256 * 1024
"""Bytes of a file, characters of a pasted list."""
MOST_NAMED = 20
"""Refused rows that are named one by one."""


@BLOCK.post("/import", LINES, _l("Import"))
def import_lines() -> Response:
    """Take over the good rows of a list. The others stay in the form, each with the reason why;
    lines that the list does not name stay as they are."""
    try:
        text, is_cut = _sent()
    except WrongKind as other:
        return refuse(BLOCK, "import", str(other), left={"text": ""})
    if not text.strip():
        return refuse(BLOCK, "import", _("Paste a list or choose a file."))
    pasted = read_list(text, org_of_request())
    if not pasted.rows:
        return refuse(BLOCK, "import", _why_none(pasted), _cut(pasted, is_cut), {"text": text})

    def take(policy: Policy) -> Policy:
        return policy.model_copy(update={"lines": by_line(_merged(policy.lines, pasted.rows))})

    taken = len(pasted.rows)
    said = ngettext("%(num)s SIP number was taken.", "%(num)s SIP numbers were taken.", taken)
    notes = (Note("good", said), *_refused(pasted), *_cut(pasted, is_cut))
    return save(BLOCK, "import", take, notes, {"text": refused_rows(pasted.problems)})


def _merged(known: Iterable[LineRow], new: Iterable[LineRow]) -> Iterable[LineRow]:
    """A new row takes the place of the one for its line, as it is spelled or, if there is none, in
    other letters. No other row is lost."""
    rows = {row.line: row for row in known}
    spellings = defaultdict(list)
    for line in rows:
        spellings[folded(line)].append(line)
    for row in new:
        if row.line not in rows:
            for other in spellings[folded(row.line)]:
                del rows[other]
        rows[row.line] = row
    return rows.values()


def _refused(pasted: Pasted) -> tuple[Note, ...]:
    problems = pasted.problems
    if not problems:
        return ()
    rows = [
        _("Row %(row)s (%(text)s): %(why)s", row=one.row, text=one.text, why=one.why)
        for one in problems[:MOST_NAMED]
    ]
    if len(problems) > MOST_NAMED:
        rows.append(_("and %(count)s more", count=len(problems) - MOST_NAMED))
    says = ngettext(
        "%(num)s row was not taken: put it right below.",
        "%(num)s rows were not taken: put them right below.",
        len(problems),
    )
    return (Note("wait", says, tuple(rows)),)


def _cut(pasted: Pasted, is_cut: bool) -> tuple[Note, ...]:
    """What of the list was not even read."""
    said = []
    if pasted.headings:
        said.append(
            _(
                "The first row (%(text)s) was taken for headings that we do not know: SIP numbers"
                " were read from the first column.",
                text=pasted.headings,
            )
        )
    if is_cut:
        size = format_decimal(LONGEST // 1024)
        said.append(_("The list was too long: only its first %(size)s KB were read.", size=size))
    if pasted.is_cut:
        rows = format_decimal(MOST_ROWS)
        said.append(_("Only the first %(rows)s rows were read; send the others again.", rows=rows))
    return tuple(Note("wait", one) for one in said)


def _why_none(pasted: Pasted) -> str:
    """One sentence, however many rows were refused; the most frequent cause first."""
    causes = Counter(one.why for one in pasted.problems).most_common()
    if not causes:
        return _("No row of this list could be taken.")
    why = causes[0][0] if len(causes) == 1 else "; ".join(f"{one} ({n})" for one, n in causes)
    return _("No row of this list could be taken: %(why)s.", why=why)


def _sent() -> tuple[str, bool]:
    """The list, and whether it was cut: a file, if one was chosen, else what was pasted. Raises
    WrongKind."""
    file = request.files.get("file")
    if file is None or not file.filename:
        text = checked(request.form.get("text", ""))
        is_cut = len(text) > LONGEST
    else:
        raw = file.stream.read(LONGEST + 1)
        is_cut = len(raw) > LONGEST
        text = text_of(raw, is_cut=is_cut)
    # A row cut in the middle goes: half a name may be somebody else's.
    return (text[:LONGEST].rpartition("\n")[0], True) if is_cut else (text, False)


@BLOCK.get(".csv", LINES, _l("Export to CSV"))
def export_lines() -> Response:
    rows = current_policy().lines
    return attachment(write_list(rows, org_of_request()), "sip-lines.csv")
