"""The table of SIP lines as a list: pasted, imported from a file, exported to one."""

from __future__ import annotations

import codecs

from flask import Response as FileResponse
from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from core.policy import Policy
from portal.people import account_required, current_account
from portal.salesforce.blueprint import bp
from portal.salesforce.line_list import read_list, write_list
from portal.salesforce.lines import BLOCK, SETTINGS, by_line
from portal.salesforce.saving import org_of_request, refuse, save
from portal.services import store

LONGEST = 256 * 1024
"""Bytes of a list."""


@bp.post("/lines/import")
@account_required
def import_lines() -> Response:
    """Take over the good rows of a list and name the others. Lines it does not name stay."""
    text = _sent()
    if not text.strip():
        return refuse(BLOCK, "import", _("Paste a list or choose a file."))
    pasted = read_list(text, org_of_request())
    notes = tuple(
        _("Row %(row)s was not taken (%(text)s): %(why)s", row=one.row, text=one.text, why=one.why)
        for one in pasted.problems[:20]
    )
    if not pasted.rows:
        return refuse(BLOCK, "import", _("No row of this list could be taken."), notes)

    def take(policy: Policy) -> Policy:
        rows = {row.line: row for row in (*policy.lines, *pasted.rows)}
        return policy.model_copy(update={"lines": by_line(rows.values())})

    taken = len(pasted.rows)
    said = ngettext("%(num)s line was taken over.", "%(num)s lines were taken over.", taken)
    return save(BLOCK, "import", take, SETTINGS, (said, *notes))


def _sent() -> str:
    """The list: a file, if one was chosen, else what was pasted."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return request.form.get("text", "")[:LONGEST]
    return _decoded(file.stream.read(LONGEST))


def _decoded(raw: bytes) -> str:
    """Excel writes UTF-8 or UTF-16 with a mark, or the Cyrillic code page of Windows."""
    if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1251", errors="replace")


@bp.get("/lines.csv")
@account_required
def export_lines() -> Response:
    rows = store().policies.get(current_account().id).lines
    answer = FileResponse(write_list(rows, org_of_request()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=sip-lines.csv"
    answer.headers["Cache-Control"] = "no-store"
    return answer
