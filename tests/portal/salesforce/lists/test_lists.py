"""Lists of lines: pasted, imported, exported; no cell ever becomes a formula."""

import csv
import io
import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from flask_babel import force_locale
from flask_babel import gettext as _

from core.facts import User
from core.languages import LANGUAGES
from core.policy import LineRow
from portal.salesforce import lists
from portal.salesforce.lists import MOST_ROWS, read_list, refused_rows, write_list
from portal.salesforce.org_view import OrgView
from portal.web.csv_file import guarded
from tests.portal.helpers.orgs import ANNA, BOHDAN, FORMER, TWIN, shape


@pytest.fixture
def org():
    return OrgView(shape(), datetime.now(UTC))


@pytest.mark.parametrize(
    "text",
    [
        "2001;Анна Коваль\n2002;bohdan@acme.example",
        "2001\tАнна Коваль\r\n2002\tbohdan@acme.example\r\n",
        "2001,Анна Коваль\n2002,bohdan@acme.example",
        "2001 анна  коваль\n2002 bohdan@acme.example",
        "\ufeffline;name\n2001;Анна Коваль\n\n2002;bohdan@acme.example\n",
        f'SIP;"x"\n"2001";"{ANNA}"\n2002;"bohdan@acme.example"',
    ],
)
def test_a_list_is_read_however_it_is_separated(org, text):
    pasted = read_list(text, org)
    assert pasted.rows == (LineRow(line="2001", user_id=ANNA), LineRow(line="2002", user_id=BOHDAN))
    assert pasted.problems == ()


def test_every_row_that_cannot_be_taken_is_named(org):
    text = "2001;Анна Коваль\n2002;Bohdan Twin\n2003;Nobody\n;Анна Коваль\n2005\n/etc;Анна Коваль"
    pasted = read_list(text, org)
    assert [row.line for row in pasted.rows] == ["2001"]
    assert [one.row for one in pasted.problems] == [2, 3, 4, 5, 6]
    assert "several" in pasted.problems[0].why


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_own_words_are_a_heading(org, language):
    with force_locale(language):
        for heading in (_("Internal SIP number"), "SIP", "SIP-номер", "SIP-линия", "sip лінія"):
            pasted = read_list(f"{heading};{_('Employee')}\n2001;{ANNA}", org)
            assert [row.line for row in pasted.rows] == ["2001"]
            assert pasted.problems == ()


def test_refused_rows_are_a_list_again(org):
    text = 'line,name\n2002,Nobody\n2005\n2006,"Some; Body",x@y.example\n2001,Анна Коваль'
    problems = read_list(text, org).problems
    again = read_list(refused_rows(problems), org)
    assert again.rows == ()
    assert [one.cells for one in again.problems] == [
        ("2002", "Nobody"),
        ("2005", ""),
        ("2006", "Some; Body", "x@y.example"),
    ]


def test_a_list_that_is_too_long_says_so(org):
    rows = "\n".join(f"{n};{ANNA}" for n in range(MOST_ROWS))
    assert not read_list(rows, org).is_cut
    pasted = read_list(f"{rows}\n9999;{ANNA}", org)
    assert pasted.is_cut
    assert len(pasted.rows) == MOST_ROWS


def test_a_line_named_twice_keeps_the_last_row(org):
    pasted = read_list(f"2001;{ANNA}\n2001;{BOHDAN}", org)
    assert pasted.rows == (LineRow(line="2001", user_id=BOHDAN),)


def test_an_export_can_be_imported_again(org):
    rows = tuple(
        LineRow(line=line, user_id=user)
        for line, user in (("2001", ANNA), ("*97", TWIN), ("+3", FORMER), ("20-1", BOHDAN))
    )
    assert read_list(write_list(rows, org), org).rows == rows


READ = Counter[str]()


class Counted(User):
    """Counts how often its name is read."""

    def __getattribute__(self, name):
        READ[name] += 1
        return super().__getattribute__(name)


def test_users_are_read_once_however_many_rows_name_them():
    ids = [f"0050000000{n:05}AAA" for n in range(200)]
    users = {one: Counted(one, f"Name {one}", f"{one}@x.example") for one in ids}
    org = OrgView(shape(users=users), datetime.now(UTC))
    READ.clear()
    pasted = read_list("\n".join(f"{n};Name {one}" for n, one in enumerate(ids, 1)), org)
    assert [row.user_id for row in pasted.rows] == ids
    assert READ["name"] < 10 * len(ids)


EVIL = [
    "=HYPERLINK(1)",
    "Bob,=cmd|' /C calc'!A0,",
    "Bob;=1+1",
    "Bob\t@SUM(1)",
    "Bob\n+1",
    "Bob, -1",
    "\t=1",
    "\uff1d1+1",
    "Bob,\uff201",
    "'=1",
    "Bob,''+1",
    "O'Hara - Smith, Jr.",
]
STARTS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")


def evil_org(text):
    anna = shape().users[ANNA]
    users = shape().users | {ANNA: anna.__class__(ANNA, text, f"{text}@x.example")}
    return OrgView(shape(users=users), datetime.now(UTC))


@pytest.mark.parametrize("text", EVIL)
def test_no_cell_of_an_export_is_a_formula_in_any_country(text):
    rows = (LineRow(line="+1", user_id=ANNA), LineRow(line="*2", user_id=ANNA))
    written = write_list(rows, evil_org(text)).removeprefix("\ufeff")
    for mark in ";,\t":
        for row in csv.reader(io.StringIO(written), delimiter=mark):
            assert not [cell for cell in row if cell.strip().startswith(STARTS)], mark
    assert not re.search(r"[\r\n,;\t]\s*[=+\-@]", written)


@pytest.mark.parametrize("text", EVIL)
def test_an_export_with_odd_names_gives_the_same_rows_back(text):
    org = evil_org(text)
    rows = (LineRow(line="+1", user_id=ANNA), LineRow(line="*2", user_id=BOHDAN))
    assert read_list(write_list(rows, org), org).rows == rows
    assert lists._unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "\n\n", "\x00", '"', "2001;" + "x" * 200_000, ";;;;"])
def test_nonsense_is_no_row(org, text):
    assert read_list(text, org).rows == ()
