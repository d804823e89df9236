"""The page *Not called back*: who waits, whose it is, and the file of it."""

import csv
import io
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from core.kinds import Kind, KindRow, Known
from core.loops import LoopState
from core.models import CallState, PersonSession
from core.store.database import utc_now
from tests.portal.helpers.calls import hand_over, settle
from tests.portal.helpers.loops import closed, missed, opened
from tests.portal.helpers.orgs import ANNA, BOHDAN, edit

pytestmark = pytest.mark.usefixtures("switched_on")

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LEAD = "00Q000000000001AAA"


def at(moment) -> str:
    """As telephony says it, in the account's zone: the fixtures' accounts are in Kyiv."""
    return moment.astimezone(ZoneInfo("Europe/Kyiv")).strftime("%Y-%m-%d %H:%M:%S")


@pytest.fixture
def three(store):
    """One overdue, two due later; of two employees and two lines."""
    calls = [
        missed(store, n, **{"from": f"38050555000{n}", "outerNumber": line})
        for n, line in ((1, "site.ua"), (2, "380443334455"), (3, "site.ua"))
    ]
    opened(store, calls[0])
    opened(store, calls[1], HOUR, responsible=BOHDAN, times=3)
    opened(store, calls[2], -25 * MINUTE - MINUTE / 6)
    return calls


def order(page: str) -> list[int]:
    text = page.replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    found = {n: text.find(f"+38050555000{n}") for n in (1, 2, 3)}
    return sorted((n for n in found if found[n] >= 0), key=lambda n: found[n])


def test_overdue_ones_come_first(owner, three):
    page = owner.get("/missed").text
    assert order(page) == [3, 2, 1]
    assert "просрочено на 25 минут" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert page.count("pill-bad") == 1
    assert "Bohdan Twin (bohdan@acme.example)" in page
    assert f"/calls/{three[2].public_id}" in page
    assert re.search(r"3 пропущенных звонка, последний <time [^>]*>", page)
    assert page.count('data-label="Внешний номер"') == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"user={BOHDAN}", [2]),
        ("external_line=site.ua", [3, 1]),
        (f"external_line=site.ua&user={ANNA}", [3, 1]),
        (f"external_line=site.ua&user={BOHDAN}", []),
        ("user=&external_line=", [3, 2, 1]),
        ("page=1", []),
        ("page=nonsense", [3, 2, 1]),
    ],
)
def test_filters_hold_on_the_page_and_in_the_file(owner, three, query, found):
    assert order(owner.get(f"/missed?{query}").text) == found
    if "page" not in query:
        assert order(owner.get(f"/missed/not-called-back.csv?{query}").text) == found


def test_the_file_runs_in_no_spreadsheet(owner, store):
    written = {"records": [["Lead", LEAD, True, "=HYPERLINK(1)"]], "task": ""}
    row = settle(store, missed(store, 1), CallState.DONE, "write.lead_created", written=written)
    opened(store, row, HOUR)
    answer = owner.get("/missed/not-called-back.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) == 2
    assert rows[1][:2] == ["'+380 50 555 7182", "'=HYPERLINK(1)"]
    assert all(len(row) == len(rows[0]) for row in rows)


def test_moments_in_the_file_can_be_sorted(owner, store):
    begun = utc_now() - HOUR
    row = opened(store, missed(store, 1, date=at(begun)), HOUR, last_missed_at=begun + MINUTE)
    text = owner.get("/missed/not-called-back.csv").text
    (_, cells) = csv.reader(io.StringIO(text), delimiter=";")
    moments = (begun, begun + MINUTE, row.due_at)
    assert [cells[n] for n in (4, 5, 7)] == [at(one)[: -len(":00")] for one in moments]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ({"records": [["Lead", LEAD, True, "Ольга"]], "task": ""}, "Ольга"),
        ({"records": [["Task", "00T1", True, "Звонок"]], "client": [LEAD, "Ольга"]}, "Ольга"),
        ({"records": [["Lead", LEAD, True, "+380 50 555 7182"]], "task": ""}, "+380"),
        ({"records": [], "task": ""}, ""),
    ],
)
def test_a_client_is_named_and_leads_into_salesforce(owner, store, written, name):
    row = settle(store, missed(store, 1), CallState.DONE, "write.lead_created", written=written)
    opened(store, row)
    page = owner.get("/missed").text
    assert (f'href="http://127.0.0.1:9/{LEAD}"' in page) == bool(name)
    assert ("Ольга" in page) == (name == "Ольга")
    assert page.replace("\N{NO-BREAK SPACE}", " ").count("+380 50 555 7182") == 1
    assert 'href="http://127.0.0.1:9/00T000000000001AAA"' in page


def test_who_was_called_back_stands_below_and_waits_no_more(owner, store):
    begun = utc_now() - HOUR
    first = missed(store, 1, date=at(begun))
    back = hand_over(
        store,
        dbid=2,
        direction="OUT",
        **{"from": "2000", "to": ["380505557182"], "date": at(begun + 12 * MINUTE)},
    )
    ended = {"closed_by": ANNA, "closed_by_call": back.id}
    closed(store, first, LoopState.CALLED_BACK, 12 * MINUTE, **ended)
    page = owner.get("/missed").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "перезвонили через 12 минут: Анна Коваль" in page
    assert f"/calls/{back.public_id}" in page
    assert "pill" not in page.partition("<main")[2]
    story = owner.get(f"/calls/{first.public_id}").text.replace("\N{NO-BREAK SPACE}", " ")
    assert f"/calls/{back.public_id}" in story
    assert "перезвонили через 12 минут: Анна Коваль" in story


def test_what_was_over_long_ago_is_not_shown(owner, store):
    row = missed(store, 1, date="2026-01-10 10:00:00")
    closed(store, row, LoopState.COMPLETED, HOUR)
    assert "ended" not in owner.get("/missed").text


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (LoopState.CALLED_AGAIN, "снова позвонил через 65 минут, ответили: Анна Коваль"),
        (LoopState.COMPLETED, "задачу завершили в Salesforce: Анна Коваль"),
        (LoopState.GONE, "задачи больше нет в Salesforce"),
    ],
)
def test_every_ending_is_told(owner, store, state, says):
    call = missed(store, 1, date=at(utc_now() - 2 * HOUR))
    closed(store, call, state, HOUR + 5 * MINUTE, closed_by=ANNA)
    assert says in owner.get("/missed").text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_call_page_tells_all_that_belongs_to_it(owner, store):
    begun = utc_now() - HOUR
    calls = [
        missed(store, n, **{"from": number, "date": at(begun + n * MINUTE)})
        for n, number in ((1, "380505557182"), (2, "380505557182"), (3, "380505550003"))
    ]
    opened(store, calls[0], HOUR, times=2, handed_over_at=begun + 30 * MINUTE, responsible=BOHDAN)
    for shown, other in ((calls[0], calls[1]), (calls[1], calls[0])):
        page = owner.get(f"/calls/{shown.public_id}").text
        assert f"/calls/{other.public_id}" in page
        assert "пропущен снова" in page
        assert "передано: Bohdan Twin" in page
    assert "пропущен снова" not in owner.get(f"/calls/{calls[2].public_id}").text


def test_a_call_that_writes_nothing_is_told_as_such(owner, store):
    begun = utc_now() - HOUR
    first = missed(store, 1, date=at(begun))
    opened(store, settle(store, first, CallState.DONE, "write.lead_created"), HOUR)
    again = missed(store, 2, date=at(begun + MINUTE))
    settle(store, again, CallState.SKIPPED, "skip.kind")
    back = hand_over(
        store,
        dbid=3,
        direction="OUT",
        **{"from": "2000", "to": ["380505557182"], "date": at(begun + 12 * MINUTE)},
    )
    settle(store, back, CallState.SKIPPED, "skip.kind")
    page = owner.get(f"/calls/{first.public_id}").text
    assert "ещё не перезвонили" in page
    assert "завершите задачу в Salesforce" in page
    assert "пропущен снова" not in page


def test_an_empty_page_says_what_to_do(owner, store):
    assert "#missed_calls" in owner.get("/missed").text
    edit(store, kinds=(KindRow(kind=Kind.INCOMING_MISSED_OUTSIDE, known=Known.OPEN),))
    assert "#missed_calls" not in owner.get("/missed").text
    edit(store, kinds=())
    opened(store, missed(store, 1))
    assert "#missed_calls" not in owner.get("/missed").text


def test_the_navigation_counts_on_every_page(owner, member, three):
    for visitor in (owner, member):
        for path in ("/missed", "/calls", "/salesforce"):
            page = visitor.get(path).text
            count = page.partition('id="missed-count"')[2].partition("</a>")[0]
            assert "count-late" in page
            assert ">3<" in count
    assert 'id="missed-count"' in owner.get("/missed", htmx=True).text  # it is renewed
    assert ">3<" in owner.get("/missed/count", htmx=True).text
    assert owner.get("/missed/count").location.endswith("/missed")


def test_a_page_that_asks_by_itself_keeps_no_session_alive(owner, store):
    anna = store.accounts.person_by_email("owner@acme.example")
    before = utc_now() - HOUR
    with store.database.write() as session:
        session.execute(update(PersonSession).values(seen_at=before))
    owner.get("/missed/count", htmx=True)
    assert store.sessions.of(anna.id)[0].seen_at == before
    owner.get("/missed")
    assert store.sessions.of(anna.id)[0].seen_at > before


def test_many_come_by_the_page(owner, store):
    for n in range(1, 53):
        call = missed(store, n, **{"from": f"3805055501{n:02d}"})
        opened(store, call, n * MINUTE)
    first = owner.get("/missed").text
    assert first.count("<tr>") == 51
    assert 'rel="next"' in first
    second = owner.get("/missed?page=1").text
    assert second.count("<tr>") == 3
    assert 'rel="next"' not in second
