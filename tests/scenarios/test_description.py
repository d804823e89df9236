"""The six items of the manual, in the customer's language, as Salesforce keeps them."""

import pytest

from tests.events import CLIENT, OUTER, event, missed

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
    date, status, employee, client, external, recording = found.values()
    assert "16:58" in date
    assert status
    assert employee == "Bohdan Shevchenko (2000)"
    assert (client, external, recording) == (f"+{CLIENT}", OUTER, LINK)


@pytest.mark.parametrize("language", ANSWERED)
def test_a_missed_call_has_no_employee_and_no_recording(world, language):
    world.connect().choose(language=language)
    world.hand_over(missed(dbid=1)).deliver()
    names = ANSWERED[language]
    assert list(lines_of(world)) == [names[0], names[1], names[3], names[4]]


def test_the_date_is_the_customers_own(world):
    world.connect(time_zone="Asia/Tokyo")
    world.hand_over(missed(dbid=1, date="2026-07-09 23:30:00")).deliver()
    assert world.one("Task")["ActivityDate"] == "2026-07-09"
