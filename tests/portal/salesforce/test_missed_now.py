"""What the settings page says of a call that is missed now is what the rules would do."""

import html
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.kinds import Kind, KindRow, Known, Unknown
from core.policy import Hours, MissedCallRow, Overdue
from core.working import Span
from tests.portal.helpers.orgs import ANNA, BOHDAN, FORMER, edit

pytestmark = pytest.mark.usefixtures("switched_on", "in_english")

MISSED, OUTSIDE = Kind.INCOMING_MISSED, Kind.INCOMING_MISSED_OUTSIDE


def row(*users, **more):
    return MissedCallRow(id=0, user_ids=users, **more)


def always(known, unknown=None):
    return tuple(KindRow(kind=kind, known=known, unknown=unknown) for kind in (MISSED, OUTSIDE))


def never_now():
    """A working week that does not have today, nor yesterday or tomorrow."""
    today = datetime.now(ZoneInfo("Europe/Kyiv")).weekday()
    return (Span(weekday=(today + 3) % 7, begins="09:00", ends="18:00"),)


def example(owner):
    page = owner.get("/salesforce").text
    block = page.partition('id="missed_calls"')[2].partition("</section>")[0]
    found = re.findall(r'class="example">.*?<output[^>]*>(.*?)</output>', block)
    return re.sub("[\u2068\u2069]", "", html.unescape(found[0])) if found else ""


def test_whose_turn_it_is_and_who_is_next(owner, store):
    edit(store, missed_calls=(row(ANNA, BOHDAN),), overdue=Overdue.HAND_OVER)
    said = example(owner)
    assert said.startswith("a call missed now: Анна Коваль is to call back until ")
    assert said.endswith(", then Bohdan Twin (bohdan@acme.example).")
    edit(store, missed_calls=(row(FORMER, ANNA, external_line="site.ua"),))
    assert example(owner).startswith("a call to site.ua missed now: Анна Коваль is to call back")


def test_a_row_for_other_hours_promises_nothing(owner, store):
    rows = (row(ANNA, hours=Hours.WORKING),)
    edit(store, missed_calls=rows, working_hours=never_now())
    assert example(owner) == ""
    edit(store, missed_calls=(*rows, row(BOHDAN, hours=Hours.OUTSIDE)))
    assert "Bohdan Twin (bohdan@acme.example) is to call back" in example(owner)


def test_the_grid_comes_before_the_table(owner, store):
    edit(store, missed_calls=(row(ANNA),), kinds=always(Known.COMPLETED))
    assert example(owner) == ""
    edit(store, kinds=always(Known.NOTHING, Unknown.NOTHING))
    assert example(owner) == ""
    edit(store, kinds=always(Known.NOTHING))
    assert "Анна Коваль is to call back" in example(owner)  # somebody new


def test_with_an_empty_table_the_records_owner_calls_back(owner, store):
    assert example(owner) == ""
    assert "without a task" in owner.get("/salesforce").text
    edit(store, kinds=always(Known.OPEN))
    assert "the owner of the record is to call back until" in example(owner)
    assert "without a task" not in owner.get("/salesforce").text
