"""The grid of calls and the working hours on the settings page."""

import html
import re
from datetime import date, timedelta
from itertools import product

import pytest

from core.kinds import Kind, KindRow, Known
from core.working import Span
from portal.salesforce.block import ON_PAGE
from tests.portal.helpers.orgs import edit

pytestmark = pytest.mark.usefixtures("switched_on")


def policy(store):
    return store.policies.get("acme")


def set_cell(owner, kind, column, value, htmx=True):
    return owner.post(f"/salesforce/kinds/{kind}/{column}", htmx=htmx, value=value)


@pytest.mark.parametrize("htmx", [True, False])
def test_a_cell_is_saved_and_said_in_a_sentence(owner, store, htmx):
    answer = set_cell(owner, "incoming_answered", "known", "nothing", htmx)
    assert answer.status_code == (200 if htmx else 303)
    assert policy(store).kinds == (KindRow(kind=Kind.INCOMING_ANSWERED, known=Known.NOTHING),)
    page = owner.get("/salesforce").text
    assert "Для известного клиента ничего не записывается." in html.unescape(page)
    set_cell(owner, "incoming_answered", "known", "completed")
    assert policy(store).kinds == ()  # what is usual is not kept


@pytest.mark.parametrize(("name", "at_first"), [("tell_owner", False), ("find_later", True)])
def test_a_switch_below_the_grid(owner, store, name, at_first):
    assert getattr(policy(store), name) is at_first
    page = owner.get("/salesforce").text
    (box,) = re.findall(rf'<input[^>]*id="{name}"[^>]*>', page)
    assert ("checked" in box) is at_first
    for value in (not at_first, at_first):
        form = {"value": "on"} if value else {}
        assert owner.post(f"/salesforce/kinds/set/{name}", htmx=True, **form).status_code == 200
        assert getattr(policy(store), name) is value


@pytest.mark.parametrize(
    ("kind", "column", "value", "status"),
    [
        ("incoming_answered", "known", "as_table", 422),
        ("incoming_missed", "known", "", 422),
        ("incoming_missed", "unknown", "open", 422),
        ("internal", "known", "nothing", 404),
        ("incoming_missed", "owner", "nothing", 404),
    ],
)
def test_what_cannot_be_chosen_is_refused(owner, store, kind, column, value, status):
    assert set_cell(owner, kind, column, value).status_code == status
    assert policy(store).kinds == ()


def test_the_manuals_switch_and_the_corner_of_the_grid_are_one(owner, store):
    set_cell(owner, "outgoing_answered", "unknown", "create")
    assert policy(store).grid.creates_on_outgoing is None
    assert "частично" in owner.get("/salesforce").text
    set_cell(owner, "outgoing_unanswered", "unknown", "create")
    assert (policy(store).create_on_outgoing, policy(store).kinds) == (True, ())
    assert "частично" not in owner.get("/salesforce").text
    set_cell(owner, "outgoing_answered", "unknown", "nothing")
    owner.post("/salesforce/entities/set/create_on_outgoing", htmx=True, value="on")
    assert (policy(store).create_on_outgoing, policy(store).kinds) == (True, ())


def test_only_numbers_that_are_looked_for_are_said_to_be(owner, store):
    def says():
        text = html.unescape(owner.get("/salesforce").text)
        return "его будут искать до" in text, text.count("пока его номера ни у кого нет")

    assert says() == (True, 2)
    set_cell(owner, "outgoing_answered", "known", "nothing")
    assert says() == (True, 1)
    set_cell(owner, "outgoing_unanswered", "unknown", "create")
    assert says() == (False, 0)
    edit(store, kinds=(), find_later=False)
    assert says() == (False, 0)


def test_a_row_that_cannot_happen_says_so(owner):
    says = "Пока рабочее время не указано, таких звонков нет."
    page = owner.get("/salesforce").text
    assert page.count(says) == page.count('<a href="#hours">') == 1
    answer = owner.post("/salesforce/hours/week/five", htmx=True).text
    assert 'id="kinds"' in answer
    assert says not in answer


def test_the_history_tells_a_cell_and_takes_it_back(owner, store):
    set_cell(owner, "incoming_missed", "unknown", "nothing")
    page = owner.get("/salesforce/history").text
    assert "неизвестный клиент: ничего" in html.unescape(page)
    undo = re.findall(r'action="([^"]*/undo)"', page)[0]
    owner.post(undo)
    assert policy(store).kinds == ()


@pytest.mark.parametrize("which", [0, 1])
def test_one_press_of_the_manuals_switch_goes_back_whole(owner, store, which):
    set_cell(owner, "outgoing_answered", "unknown", "create")
    partly = policy(store)
    owner.post("/salesforce/entities/set/create_on_outgoing", htmx=True, value="on")
    assert policy(store).create_on_outgoing
    undo = re.findall(r'action="([^"]*/undo)"', owner.get("/salesforce/history").text)
    assert owner.post(undo[which], htmx=True).status_code == 200
    assert policy(store) == partly


def week(**times):
    names = product(("from", "to"), range(7), range(2))
    form = {f"{side}-{day}-{place}": "" for side, day, place in names}
    return form | {
        name.replace("_", "-").replace("since", "from"): at for name, at in times.items()
    }


def test_a_week_is_filled_in(owner, store):
    times = {"since_0_0": "09:00", "to_0_0": "13:00", "since_0_1": "14:00", "to_0_1": "18:00"}
    night = {"since_6_0": "20:00", "to_6_0": "00:00"}
    answer = owner.post("/salesforce/hours/week", htmx=True, **week(**times, **night))
    assert answer.status_code == 200
    assert policy(store).working_hours == (
        Span(weekday=0, begins="09:00", ends="13:00"),
        Span(weekday=0, begins="14:00", ends="18:00"),
        Span(weekday=6, begins="20:00", ends="24:00"),
    )
    page = owner.get("/salesforce").text
    assert re.search(r'name="to-6-0" value="00:00"', page)


def test_a_week_has_mondays_hours(owner, store):
    times = {"since_0_0": "08:30", "to_0_0": "17:00", "since_2_0": "10:00", "to_2_0": "11:00"}
    form = week(**times, since_5_0="10:00", to_5_0="14:00")
    assert owner.post("/salesforce/hours/week", htmx=True, as_monday="1", **form).status_code == 200
    assert policy(store).working_hours == (
        *(Span(weekday=day, begins="08:30", ends="17:00") for day in range(5)),
        Span(weekday=5, begins="10:00", ends="14:00"),
    )


@pytest.mark.parametrize(
    "times",
    [
        {"since_1_0": "09:00"},
        {"since_1_0": "18:00", "to_1_0": "09:00"},
        {"since_1_0": "9", "to_1_0": "18:00"},
        {"since_1_0": "09:00", "to_1_0": "13:00", "since_1_1": "12:00", "to_1_1": "18:00"},
        {"since_1_0": "25:00", "to_1_0": "26:00"},
        {"since_1_0": "\u0660\u0669:\u0660\u0660", "to_1_0": "18:00"},
    ],
)
def test_a_week_that_cannot_be_is_refused_and_stays_in_the_form(owner, store, times):
    answer = owner.post("/salesforce/hours/week", htmx=True, **week(**times))
    assert answer.status_code == 422
    assert "hours-week-error" in answer.text
    assert f'value="{times["since_1_0"]}"' in answer.text
    assert policy(store).working_hours == ()


@pytest.mark.parametrize(("preset", "spans"), [("five", 5), ("seven", 7), ("always", 0)])
def test_hours_that_many_keep(owner, store, preset, spans):
    owner.post(f"/salesforce/hours/week/{preset}", htmx=True)
    assert len(policy(store).working_hours) == spans
    assert owner.post("/salesforce/hours/week/never", htmx=True).status_code == 404


def test_days_off_one_by_one_and_from_to(owner, store):
    year = date.today().year + 1
    owner.post("/salesforce/hours/off/add", htmx=True, value=f"{year}-12-25")
    owner.post(
        "/salesforce/hours/off/add", htmx=True, value=f"{year + 1}-01-01", until=f"{year + 1}-01-03"
    )
    assert policy(store).days_off == (
        f"{year}-12-25",
        f"{year + 1}-01-01",
        f"{year + 1}-01-02",
        f"{year + 1}-01-03",
    )
    owner.post("/salesforce/hours/off/remove", htmx=True, value=f"{year + 1}-01-02")
    assert f"{year + 1}-01-02" not in policy(store).days_off
    wrong = [
        ("soon", "", "Выберите день."),
        ("", "", "Выберите день."),
        ("2020-01-01", "", "Этот день уже прошёл"),
        (f"{year + 1}-01-03", f"{year + 1}-01-01", "Конец раньше начала."),
        (f"{year + 1}-01-01", f"{year + 5}-01-01", "Не больше 400 дней."),
    ]
    for value, until, why in wrong:
        answer = owner.post("/salesforce/hours/off/add", htmx=True, value=value, until=until)
        assert (answer.status_code, why in answer.text) == (422, True)


def test_days_off_that_follow_each_other_are_one(owner, store):
    year = date.today().year + 1
    edit(store, days_off=("2020-01-01",))
    form = {"value": f"{year}-12-25", "until": f"{year + 1}-01-08"}
    page = owner.post("/salesforce/hours/off/add", htmx=True, **form).text
    assert f"25 декабря {year} – 8 января {year + 1}" in page
    assert page.count('class="chip"') == 1
    assert "2020-01-01" not in policy(store).days_off  # nobody would see it again
    owner.post("/salesforce/hours/off/remove", htmx=True, **form)
    assert policy(store).days_off == ()


def test_the_countrys_holidays_are_offered_until_they_are_taken(owner, store):
    edit(store, region="PL")
    christmas = f"{date.today().year + 1}-12-25"
    assert f'value="{christmas}" checked' in owner.get("/salesforce").text
    owner.post("/salesforce/hours/off/add", htmx=True, value=[christmas])
    assert f'value="{christmas}" checked' not in owner.get("/salesforce").text
    edit(store, region="AC")  # a country of telephone numbers whose holidays nobody wrote down
    assert owner.get("/salesforce").status_code == 200


def test_holidays_that_are_working_days_for_now_are_offered_too(owner, store):
    """Ukraine's, under martial law."""
    day = f"{date.today().year + 1}-08-24"
    page = owner.get("/salesforce").text
    assert f'value="{day}"' in page
    assert f'value="{day}" checked' not in page
    assert "рабочие дни" in page


def test_holidays_have_the_countrys_own_names_where_the_reader_has_none(owner, store):
    edit(store, region="FR")
    assert "Fête nationale" in owner.get("/salesforce").text
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "uk")
    assert "Національне свято" in html.unescape(owner.get("/salesforce").text)


def test_somebody_else_answers_for_calls_missed_outside_working_hours(owner, store):
    def add(user, **more):
        form = {"external_line": "380444900123", "user": user, **more}
        return owner.post("/salesforce/missed_calls/add", htmx=True, **form)

    assert 'name="hours"' not in owner.get("/salesforce").text
    owner.post("/salesforce/hours/week/five", htmx=True)
    assert 'name="hours"' in owner.get("/salesforce").text
    add("Анна Коваль")
    assert "вне рабочего времени" in add("Анна Коваль", hours="outside").text
    assert [(row.hours, len(row.user_ids)) for row in policy(store).missed_calls] == [
        ("always", 1),
        ("outside", 1),
    ]
    assert add("Анна Коваль", hours="at night").status_code == 422
    name = policy(store).missed_calls[1].name
    owner.post(f"/salesforce/missed_calls/{name}/remove", htmx=True)
    assert [row.hours for row in policy(store).missed_calls] == ["always"]


def test_a_line_named_like_hours_is_a_row_of_its_own(owner, store):
    for line, hours in (("shop.example", "outside"), ("shop.example outside", "always")):
        form = {"external_line": line, "hours": hours, "user": "Анна Коваль"}
        owner.post("/salesforce/missed_calls/add", htmx=True, **form)
    assert [(row.external_line, row.hours) for row in policy(store).missed_calls] == [
        ("shop.example", "outside"),
        ("shop.example outside", "always"),
    ]


def test_the_hours_say_what_they_make_of_a_call_missed_now(owner, store, in_english):
    def said():
        return html.unescape(owner.get("/salesforce").text)

    assert "a call missed now is missed" not in said()
    day_and_night = tuple(Span(weekday=day, begins="00:00", ends="24:00") for day in range(7))
    edit(store, working_hours=day_and_night)
    assert "a call missed now is missed in working hours, and due" in said()
    days = (date.today() + timedelta(days=one) for one in (-1, 0, 1))
    edit(store, days_off=tuple(day.isoformat() for day in days))
    assert "a call missed now is missed outside working hours, and due" in said()


def test_a_day_that_was_over_lately_still_counts(owner, store):
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    edit(store, days_off=(yesterday,))
    owner.post("/salesforce/hours/off/add", htmx=True, value=f"{date.today().year + 1}-12-25")
    assert yesterday in policy(store).days_off


def test_every_setting_that_a_block_shows_is_anothers():
    for block in ON_PAGE:
        others = {name for one in ON_PAGE if one is not block for name in one.by_name}
        assert set(block.shows) <= others, block.name
