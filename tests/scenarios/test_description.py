"""The six items of the manual, in the customer's language, as Salesforce keeps them."""

import pytest

from tests.helpers.events import CLIENT, OUTER, event, missed, outgoing

STATUS = {
    "en": ("answered, incoming", "missed, incoming", "answered, outgoing"),
    "ru": ("принятый, входящий", "пропущенный, входящий", "принятый, исходящий"),
    "uk": ("прийнятий, вхідний", "пропущений, вхідний", "прийнятий, вихідний"),
}
MOMENT = {
    "en": "2026-07-09 16:58:52",
    "ru": "09.07.2026 16:58:52",
    "uk": "09.07.2026 16:58:52",
}
LINK = "https://api.unitalk.cloud:8443/tracking/rec/275"
ANSWERED = {
    "en": ["Date of call", "Status", "Employee", "Client number", "External number", "Recording"],
    "ru": [
        "Дата звонка",
        "Статус звонка",
        "Сотрудник",
        "Номер клиента",
        "Внешний номер",
        "Запись звонка",
    ],
    "uk": [
        "Дата дзвінка",
        "Статус дзвінка",
        "Співробітник",
        "Номер клієнта",
        "Зовнішній номер",
        "Запис дзвінка",
    ],
}


def lines_of(world):
    return dict(line.split(": ", 1) for line in world.one("Task")["Description"].splitlines())


@pytest.mark.parametrize("language", ANSWERED)
def test_an_answered_call_has_all_six(world, language):
    world.connect(lines=({"line": "2000", "user_id": world.users()[1]},)).choose(language=language)
    world.hand_over(event(dbid=1)).deliver()
    found = lines_of(world)
    assert list(found) == ANSWERED[language]
    person = "Bohdan Shevchenko (2000)"
    assert list(found.values()) == [
        *(MOMENT[language], STATUS[language][0], person, f"+{CLIENT}", OUTER, LINK)
    ]


@pytest.mark.parametrize("language", ANSWERED)
def test_a_missed_call_has_no_employee_and_no_recording(world, language):
    world.connect().choose(language=language)
    world.hand_over(missed(dbid=1)).deliver()
    date, status, _, client, external, _ = ANSWERED[language]
    assert lines_of(world) == {
        date: MOMENT[language],
        status: STATUS[language][1],
        client: f"+{CLIENT}",
        external: OUTER,
    }


@pytest.mark.parametrize("language", ANSWERED)
def test_an_outgoing_call_names_who_made_it(world, language):
    world.connect(create_on_outgoing=True).choose(
        language=language, lines=({"line": "2000", "user_id": world.users()[1]},)
    )
    world.hand_over(outgoing(dbid=1)).deliver()
    _, status, employee, client, _, recording = ANSWERED[language]
    found = lines_of(world)
    assert found[status] == STATUS[language][2]
    assert found[employee] == "Bohdan Shevchenko (2000)"
    assert (found[client], found[recording]) == (f"+{CLIENT}", LINK)


def test_the_date_is_the_customers_own(world):
    world.connect(time_zone="Asia/Tokyo")
    world.hand_over(missed(dbid=1, date="2026-07-09 23:30:00")).deliver()
    assert world.one("Task")["ActivityDate"] == "2026-07-09"
