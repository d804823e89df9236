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


def test_lines_that_differ_in_case_replace_each_other_unless_the_account_has_both(owner, store):
    edit(store, lines=(LineRow(line="a1", user_id=LAYLA),))
    send(owner, "lines/import", text=f"A1;{ANNA}")
    assert lines(store) == {"A1": ANNA}
    both = (LineRow(line="A1", user_id=ANNA), LineRow(line="a1", user_id=LAYLA))
    policy = edit(store, lines=both)
    assert [policy.user_of_line(line) for line in ("a1", "A1", "\uff211")] == [LAYLA, ANNA, ANNA]
    send(owner, "lines/import", text=f"a1;{BOHDAN}")
    assert lines(store) == {"A1": ANNA, "a1": BOHDAN}
    send(owner, "lines/import", text=owner.get("/salesforce/lines.csv").text)
    assert lines(store) == {"A1": ANNA, "a1": BOHDAN}


def test_headings_that_are_not_understood_are_told(owner, store):
    answer = send(owner, "lines/import", text=f"Poste;Salarié\n2001;{ANNA}")
    assert "Poste Salarié" in unescape(answer.text)
    assert textarea(answer) == ""
    assert lines(store) == {"2001": ANNA}


def test_a_list_without_a_good_row_changes_nothing(owner, store):
    answer = send(owner, "lines/import", 422, text="2002;Nobody")
    assert textarea(answer) == "2002;Nobody"
    send(owner, "lines/import", 422, text=" ")
    assert lines(store) == {}


FILES = {
    "lines.xlsx": b"PK\x03\x04" + bytes(range(256)) * 20,
    "lines.xls": b"\xd0\xcf\x11\xe0" + bytes(2000),
    "report.xls": b"<html><table>" + b"<tr><td>2001</td></tr>\n" * 200,
    "lines.pdf": b"%PDF-1.7\n" + b"x\n" * 200,
    "lines.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
}


@pytest.mark.parametrize("name", FILES)
def test_another_kind_of_file_is_refused_in_one_sentence(owner, store, name):
    file = (io.BytesIO(FILES[name]), name)
    answer = owner.post("/salesforce/lines/import", text="2001;x", file=file, htmx=True)
    assert answer.status_code == 422
    assert "CSV" in said(answer)
    assert textarea(answer) == ""
    assert 'class="note' not in answer.text
    assert lines(store) == {}


REFUSED = {
    "one cause": ("".join(f"{n};Nobody\n" for n in range(2000, 2100)), 0),
    "a column lost": ("".join(f"{n};\n" for n in range(2000, 2100)), 0),
    "all changed": ("3.80441E+11;Анна Коваль\n" * 100, 0),
    "two causes": ("1;Nobody\n" * 60 + "a b;Nobody\n" * 40, 2),
    "only a heading": ("line;name\n", 0),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_list_that_is_refused_as_a_whole_is_one_sentence(owner, store, what):
    text, counted = REFUSED[what]
    answer = send(owner, "lines/import", 422, text=text)
    assert said(answer).count(".") == 1
    assert said(answer).count("(") == counted
    assert 'class="note' not in answer.text
    assert textarea(answer) == text
    assert lines(store) == {}


def said(answer):
    """The sentence at the field for lists."""
    return answer.text.partition('id="lines-import-error"')[2].partition(">")[2].partition("<")[0]
