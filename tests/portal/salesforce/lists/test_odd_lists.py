"""Lists as spreadsheets really give them: odd first lines, headings, encodings, changed numbers."""

import codecs
import csv
import io
import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.facts import User
from core.policy import LineRow
from portal.salesforce.lists import LINE, read_list, refused_rows, write_list
from portal.salesforce.lists.file import WrongKind, text_of
from portal.salesforce.org_view import OrgView
from tests.portal.helpers.orgs import ANNA, BOHDAN, LAYLA, shape

ODD_NAME = User("005000000000006AAA", "Дем'янчук; Ольга", "olha@acme.example")
ROWS = (LineRow(line="2001", user_id=ANNA), LineRow(line="2002", user_id=BOHDAN))


@pytest.fixture
def org():
    return org_view()


def org_view():
    users = shape().users | {ODD_NAME.id: ODD_NAME}
    return OrgView(shape(users=users), datetime.now(UTC))


TAKEN = {
    "Excel's sep= line": "sep=;\r\nline;name\r\n2001;Анна Коваль\r\n2002;bohdan@acme.example\r\n",
    "sep= of a bar": "\ufeffSEP=|\n2001|Анна Коваль\n2002|bohdan@acme.example",
    "sep= of a tab, in quotes": '"sep=\t"\n2001\tАнна Коваль\n2002\tbohdan@acme.example',
    "sep= written back as a row": "sep=,,\n2001,Анна Коваль\n2002,bohdan@acme.example",
    "another mark in quotes": '2001,"Дем; Анна",anna@acme.example\n2002,"B; T",bohdan@acme.example',
    "another mark in names": "line,name,id\n2001,a; b,anna@acme.example\n2002,,bohdan@acme.example",
    "a comma in the title": "Acme, 2026\n\nSIP;ПІБ\n2001;Анна Коваль\n2002;bohdan@acme.example",
    "two titles": (
        "Company Acme\nReport 2026\n\nPrepared by us\n"
        "line;name\n2001;Анна Коваль\n2002;bohdan@acme.example"
    ),
    "sep= that no row heeds": "sep=,\n2001;Анна Коваль\n2002;bohdan@acme.example",
    "a line separator in a cell": "2001;Анна\u2028Коваль\n2002;bohdan@acme.example",
    "other ends of lines, by spaces": (
        "2001 Анна\u2028Коваль\n2002 \x0b\x85bohdan@acme.example\x0c"
    ),
    "bars": "line|name\n2001|Анна Коваль\n2002|bohdan@acme.example",
    "empty rows first": "\n;;\n\nSIP;Имя\n;\n2001;Анна Коваль\n2002;bohdan@acme.example",
    "a title": "SIP-номери компанії\n\nномер;ПІБ\n2001;Анна Коваль\n2002;bohdan@acme.example",
    "the name first": "name;line\nАнна Коваль;2001\nbohdan@acme.example;2002",
    "a counter": "№;ФИО;Внутренний номер\n1;Анна Коваль;2001\n2;bohdan@acme.example;2002",
    "two columns of a name": "Фамилия;Имя;Номер\nКоваль;Анна;2001\n;bohdan@acme.example;2002",
    "in Ukrainian": "Співробітник,Додатковий номер\nАнна Коваль,2001\nbohdan@acme.example,2002",
    "an apostrophe": (
        "Ім\u02bcя\u00a0користувача\tВнутр. №\nАнна Коваль\t2001\nbohdan@acme.example\t2002"
    ),
    "a phone": "Phone;Name\n2001;Анна Коваль\n2002;bohdan@acme.example",
    "a phone in Russian": "ФИО;Телефон\nАнна Коваль;2001\nbohdan@acme.example;2002",
    "a phone that is not the line": (
        "Phone;Name;Ext.\n+380441234567;Анна Коваль;2001\n+380441234568;bohdan@acme.example;2002"
    ),
    "in German": "Mitarbeiter;Nebenstelle\nАнна Коваль;2001\nbohdan@acme.example;2002",
    "in Polish": "Pracownik;Numer wewnętrzny\nАнна Коваль;2001\nbohdan@acme.example;2002",
    "words around": "Telephone numbers;Full name\n2001;Анна Коваль\n2002;bohdan@acme.example",
    "a number in German": "Name;Rufnummer\nАнна Коваль;2001\nbohdan@acme.example;2002",
    "headings nobody foresaw": "Poste;Salarié\n2001;Анна Коваль\n2002;bohdan@acme.example",
    "capitals": "EXTENSION;E-MAIL\n2001;anna@acme.example\n2002;bohdan@acme.example",
    "another column": (
        "Отдел;Номер линии;Сотрудник;Начальник\n"
        "Продажи;2001;Анна Коваль;ليلى حداد\n;2002;bohdan@acme.example;ليلى حداد"
    ),
    "wrapped": '="2001";="Анна Коваль"\n"=""2002""";bohdan@acme.example',
    "wrapped in apostrophes": "='2001';Анна Коваль\n'2002;bohdan@acme.example",
    "typographic": "’2001;Анна\u00a0Коваль\n\u200b2002;bohdan@acme.example\u200b",
    "full width": "\uff12\uff10\uff10\uff11;Анна Коваль\n2002;bohdan@acme.example",
    "an old Mac's ends of rows": "line;name\r2001;Анна Коваль\r2002;bohdan@acme.example\r",
    "rows that became one cell": '"2001;""Анна Коваль"""\n2002;bohdan@acme.example',
    "a comma in every name": "2001;Коваль, Анна;anna@acme.example\n2002;B, T;bohdan@acme.example",
}


@pytest.mark.parametrize("what", TAKEN)
def test_whatever_a_spreadsheet_writes_is_read(org, what):
    pasted = read_list(TAKEN[what], org)
    assert pasted.problems == ()
    assert pasted.rows == ROWS


CHANGED = (
    *("3.80441E+11", "3,80441E+11", "2E+03", "2001.0", "2001,00", "20.01.2001", "20/01/2001"),
    *("2001-01-20 00:00:00", "01.Jan", "1-Feb", "1-фев", "01.січ", "Jan-20", "20.01.01", "20:01"),
    *("3.8E11", "1.E+10", "2E+3", "2.001", "1.234.567", "2001.5", "20.01", "mai.20", "1.dez"),
    *("TRUE", "FALSE", "WAHR", "ИСТИНА", "ІСТИНА", "2,5E7", "1,234,567", "maj-20"),
    *("#N/A", "#Н/Д", "#REF!", "#ИМЯ?", "########"),
)


@pytest.mark.parametrize("line", CHANGED)
def test_a_number_that_a_spreadsheet_changed_is_refused_with_the_cause(org, line):
    pasted = read_list(f"{line};Анна Коваль\r\n2002;bohdan@acme.example\r\n", org)
    assert pasted.rows == ROWS[1:]
    assert ["spreadsheet" in one.why for one in pasted.problems] == [True]


ODD_LINES = (
    *("20-1", "*97", "+3", "10.1", "#31#", "anna.k", "marina-20", "1e10", "10.0.0.1", "may"),
    *("20-01-11", "mar-101", "0007", "380441234567", "sip101", "true"),
)
KEPT_LINES = ("2.001", "20.01", "3.8E11", "TRUE", "mai.20")


@pytest.mark.parametrize("line", ODD_LINES)
def test_an_odd_line_that_nobody_changed_is_taken(org, line):
    assert read_list(f"{line};{ANNA}", org).rows == (LineRow(line=line, user_id=ANNA),)


@pytest.mark.parametrize("line", ["sip", "number", "Internal"])
def test_a_line_named_like_a_heading_is_a_row_when_it_has_an_employee(org, line):
    assert read_list(f"{line};Анна Коваль", org).rows == (LineRow(line=line, user_id=ANNA),)


def test_a_comma_in_a_title_does_not_separate_rows_of_spaces(org):
    pasted = read_list("Staff, 2026\n2001 Анна Коваль\n2002 bohdan@acme.example", org)
    assert pasted.rows == ROWS
    assert [one.row for one in pasted.problems] == [1]


def test_a_row_in_the_place_of_a_heading_is_not_lost(org):
    pasted = read_list("2001;Никто\nline;name\n2002;bohdan@acme.example", org)
    assert pasted.rows == ROWS[1:]
    assert [one.cells for one in pasted.problems] == [("2001", "Никто")]


def test_headings_that_are_not_understood_are_told_once(org):
    pasted = read_list("Poste;Salarié\n2001;Анна Коваль\nPoste;Salarié", org)
    assert pasted.headings == "Poste Salarié"
    assert [one.row for one in pasted.problems] == [3]


@pytest.mark.parametrize(
    "text",
    ["reception;Никто", "reception;Bohdan Twin\n2002;bohdan@acme.example", "reception\n2001;"],
)
def test_a_first_row_that_may_be_meant_is_refused_as_one(org, text):
    pasted = read_list(text, org)
    assert pasted.headings == ""
    assert pasted.problems[0].row == 1


def test_refused_rows_of_another_order_are_a_list_in_the_usual_one(org):
    pasted = read_list("Имя;Отдел;Линия\nНикто;Продажи;2001\nАнна Коваль;;2002", org)
    assert refused_rows(pasted.problems) == "2001;Никто\n"


TEXT = "Номер;Співробітник\r\n2001;Анна Коваль\r\n2002;bohdan@acme.example\r\n"
ENCODED = {
    "UTF-8": TEXT.encode(),
    "UTF-8 with a mark": TEXT.encode("utf-8-sig"),
    "UTF-8 with a broken byte": (TEXT + "2003;Ї").encode()[:-1],
    "UTF-16 with a mark": TEXT.encode("utf-16"),
    "UTF-16 big-endian with a mark": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-16 big-endian without a mark": TEXT.encode("utf-16-be"),
    "Windows": TEXT.encode("cp1251"),
    "a Mac": TEXT.encode("mac_cyrillic"),
    "DOS": TEXT.replace("і", "i").encode("cp866"),
    "the end mark of DOS": TEXT.encode("cp1251") + b"\x1a",
}


@pytest.mark.parametrize("what", ENCODED)
def test_whatever_encodes_a_list_it_is_read(org, what):
    assert read_list(text_of(ENCODED[what]), org).rows == ROWS


NO_LISTS = {
    "a workbook": b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml",
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "a photo": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "a page": b"\r\n<!DOCTYPE html><html><body><table><tr><td>2001</td></tr></table>",
    "a report of Salesforce": '\ufeff<html xmlns:x="x"><table>'.encode(),
    "a page in UTF-16": "<table><tr><td>2001".encode("utf-16"),
    "XML": b'<?xml version="1.0"?><Workbook>',
    "rich text": b"{\\rtf1\\ansi 2001;Anna}",
    "an archive": b"\x1f\x8b\x08\x00\x00",
    "bytes": bytes(range(256)) * 8,
}


@pytest.mark.parametrize("what", NO_LISTS)
def test_another_kind_of_file_is_said_to_be_one(what):
    with pytest.raises(WrongKind):
        text_of(NO_LISTS[what])


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(raw):
    try:
        text_of(raw)
    except WrongKind as other:
        assert str(other)


def resaved(text, separator=";", decimal=","):
    """What Excel or LibreOffice make of a CSV that was opened and saved again."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"):
        writer.writerow([_shown(cell, decimal) for cell in row])
    return out.getvalue()


def _shown(cell, decimal):
    assert not cell.startswith(("=", "+", "-", "@")), cell
    if re.fullmatch("[0-9]+", cell):
        return cell.lstrip("0") or "0" if len(cell) < 12 else _power(float(cell), decimal)
    if re.fullmatch("[0-9]+e[0-9]{1,3}", cell, re.I):
        return _power(float(cell), decimal)
    if re.fullmatch("[0-9]{1,2}[-.][0-9]{1,4}", cell):
        return "01.02.2026"
    if re.fullmatch("[0-9]*[.][0-9]*", cell):
        return f"{float(cell or 0):g}".replace(".", decimal)
    return cell.upper() if cell.lower() in ("true", "false") else cell


def _power(number, decimal):
    return f"{number:.5E}".replace(".", decimal)


ANY_LINE = st.from_regex(LINE, fullmatch=True) | st.from_regex("[0-9]{1,16}", fullmatch=True)
ANY_ROWS = st.dictionaries(
    ANY_LINE.map(str.lower), st.sampled_from((ANNA, BOHDAN, LAYLA, ODD_NAME.id)), max_size=8
)


@given(ANY_ROWS, st.sampled_from(";,\t"))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_export_comes_back_unchanged_through_a_spreadsheet(rows, separator):
    org = org_view()
    lines = tuple(LineRow(line=line, user_id=user) for line, user in rows.items())
    written = write_list(lines, org)
    for text in (
        written,
        resaved(written, separator),
        f"sep=;\n{written.removeprefix(chr(0xFEFF))}",
    ):
        for encoding in ("utf-8-sig", "utf-16"):
            pasted = read_list(text_of(text.encode(encoding)), org)
            assert pasted.problems == ()
            assert pasted.rows == lines


@pytest.mark.parametrize("line", (*ODD_LINES, *KEPT_LINES))
def test_what_a_spreadsheet_would_change_is_exported_as_text(org, line):
    rows = (LineRow(line=line, user_id=ANNA),)
    assert read_list(resaved(write_list(rows, org)), org).rows == rows
