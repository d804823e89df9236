"""The page *Not called back*: who waits, overdue first, and who was called back lately."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from flask import make_response, render_template, url_for
from flask_babel import lazy_gettext as _l
from werkzeug import Response

from core.store.database import utc_now
from portal.missed.filter import Filter, choices, read_filter
from portal.missed.rows import cells_of, headings, row_of
from portal.web import csv_file, replies
from portal.web.address import PREFIX
from portal.web.named import Part, named
from portal.web.services import store
from portal.web.who import account_required, current_account, current_place, current_policy

bp = Part("missed", __name__, url_prefix=f"{PREFIX}/missed", page=_l("Not called back"))

A_PAGE = 50
FILE = "not-called-back.csv"
LATELY = timedelta(days=3)
"""So long a client who was called back is still shown."""
MOST_CLOSED = 50
MOST_IN_FILE = 10_000


@bp.get("")
@account_required
def page() -> Response:
    """It asks for itself now and then: clients come and go."""
    account_id, chosen = current_account().id, read_filter()
    told = store().loops.waiting(account_id, chosen.asked, A_PAGE + 1, chosen.page * A_PAGE)
    closed = store().loops.closed(account_id, chosen.asked, utc_now() - LATELY, MOST_CLOSED)
    return replies.show(
        "missed/page.html",
        "missed/_answer.html",
        rows=[row_of(one) for one in told[:A_PAGE]],
        closed=[row_of(one) for one in closed],
        chosen=chosen,
        choices=choices(chosen),
        region=current_place().region,
        here=_address(chosen, chosen.page),
        newer=_address(chosen, chosen.page - 1) if chosen.page else "",
        older=_address(chosen, chosen.page + 1) if told[A_PAGE:] else "",
        may_come=_may_come,
    )


@bp.get("/count")
@account_required
def count() -> Response:
    """How many wait, for the navigation of a page that stands open."""
    if not replies.wants_fragment():
        return replies.go(url_for("missed.page"))
    return make_response(render_template("missed/_count.html"))


@bp.get(f"/{FILE}")
@account_required
@named(button=_l("Export to CSV"))
def export() -> Response:
    """Those who wait, as they are filtered."""
    told = store().loops.waiting(current_account().id, read_filter().asked, MOST_IN_FILE)
    text = csv_file.table(headings(), (cells_of(row_of(one)) for one in told))
    return csv_file.attachment(text, FILE)


def _may_come() -> bool:
    """Whether any missed call could stand here."""
    policy = current_policy()
    return bool(policy.missed_calls) or policy.grid.opens_without_table


def _address(chosen: Filter, number: int) -> str:
    """Of a page of the list."""
    query = {**chosen.query, **({"page": str(number)} if number else {})}
    return f"{url_for('missed.page')}?{urlencode(query)}" if query else url_for("missed.page")
