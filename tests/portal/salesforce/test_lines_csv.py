"""SIP numbers and employees as a list: pasted, imported, exported."""

import io
from html import unescape

import pytest

from core.policy import LineRow
from portal.salesforce.lines_csv import LONGEST
from tests.portal.helpers.orgs import ANNA, BOHDAN, LAYLA, edit
from tests.portal.helpers.tables import lines, send

pytestmark = pytest.mark.usefixtures("switched_on")


def test_lists_are_imported_and_exported(owner, store):
    edit(store, lines=(LineRow(line="1999", user_id=LAYLA),))
    answer = send(owner, "lines/import", text="2001;Анна Коваль\n2002;Nobody")
    assert "Nobody" in answer.text
    assert lines(store) == {"1999": LAYLA, "2001": ANNA}
    file = (io.BytesIO("2003;Анна Коваль".encode("cp1251")), "lines.csv")
    answer = owner.post("/salesforce/lines/import", text="", file=file)
    assert answer.status_code == 200
    assert lines(store)["2003"] == ANNA
    exported = owner.get("/salesforce/lines.csv")
    assert exported.mimetype == "text/csv"
    assert "ليلى حداد" in exported.text


def textarea(answer):
    """What stands in the field for lists."""
    return unescape(answer.text.partition('id="lines-text"')[2].partition(">")[2]).partition("<")[0]


def test_of_a_list_that_is_taken_in_part_the_rest_stays(owner, store):
    answer = send(owner, "lines/import", text="2001;Анна Коваль\n2002;Nobody\n2003;Bohdan Twin")
    assert textarea(answer) == "2002;Nobody\n2003;Bohdan Twin\n"
    assert answer.text.count('class="note note-good"') == 1
    assert answer.text.count('class="note note-wait"') == 1
    again = textarea(answer).replace("Nobody", LAYLA).replace("Bohdan Twin", BOHDAN)
    assert textarea(send(owner, "lines/import", text=again)) == ""
    assert lines(store) == {"2001": ANNA, "2002": LAYLA, "2003": BOHDAN}


def test_what_of_a_list_was_not_read_is_told(owner, store):
    row = f"2001;{ANNA}\n"
    many = "".join(f"30{n};Nobody\n" for n in range(25))
    assert send(owner, "lines/import", text=row + many).text.count("<li") >= 21
    long = row + "x" * LONGEST + f"\n2002;{ANNA}"
    assert str(LONGEST // 1024) in send(owner, "lines/import", text=long).text
    file = (io.BytesIO(("# Ї\n" * (LONGEST // 4)).encode()), "lines.csv")
    answer = owner.post("/salesforce/lines/import", text="", file=file)
    assert str(LONGEST // 1024) in answer.text
    assert lines(store) == {"2001": ANNA}


def test_a_list_without_a_good_row_changes_nothing(owner, store):
    answer = send(owner, "lines/import", 422, text="2002;Nobody")
    assert textarea(answer) == "2002;Nobody"
    send(owner, "lines/import", 422, text=" ")
    assert lines(store) == {}
