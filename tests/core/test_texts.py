"""No reason without a sentence in three languages."""

from datetime import date, datetime, timedelta

import pytest

from core import reasons
from core.languages import LANGUAGES, TRANSLATED
from core.own_fields import VARIABLES
from core.reasons import DECLARED, stored
from core.texts import label, say, written_moment
from core.texts.labels import LABELS

STATES = (
    *("ANSWER", "BUSY", "FAIL", "NOANSWER", "CHANUNAVAIL"),
    *("NOMONEY", "BUSYOUT", "WRONGDIR", "BLOCKED", "DIALING"),
    *("UNREACHABLE", "NOT_EXIST", "ANSW_RJCT", "ANSW_NF_OP", "ANSW_OP_NA"),
    *("ANSWERING_MACHINE", "AUDIO_ERR", "WRONG_DIR", "CLIENT_CALLED", "CANCEL"),
    *("AUTOCANCEL",),
)


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("code", DECLARED)
def test_every_reason_is_said_in_every_language(code, language):
    said = {say(stored(code, {}), one) for one in ("en", language)}
    assert len(said) == 2
    assert code not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_telephony_state_has_words(state, language):
    assert label(f"state.{state}", language) != state


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "cause", ["3", "16", "17", "18", "19", "27", "31", "34", "38", "41", "102", "127"]
)
def test_every_cause_that_was_seen_has_words(cause, language):
    assert label(f"cause.{cause}", language) != cause


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_variable_has_a_name(language):
    names = [label(f"variable.{name}", language) for name in VARIABLES]
    assert len(set(names)) == len(VARIABLES)
    assert {f"variable.{name}" for name in VARIABLES} <= LABELS.keys()


def test_sentences_are_filled_in():
    reason = reasons.owner.line(line="2000", user="Олена")
    assert say(reason, "en") == "Internal SIP number 2000 belongs to Олена."
    assert say(reason, "ru") == "Внутренний SIP номер 2000 закреплён за сотрудником Олена."
    assert say(reasons.own.unknown_variable(field="F", variable="x"), "en") == (
        "F: there is no variable {x}."
    )


@pytest.mark.parametrize(
    ("language", "count", "ending"),
    [
        ("en", 1, "1 more record has this number: Olena."),
        ("en", 2, "2 more records have this number: Olena."),
        ("ru", 1, "ещё у 1 записи: Olena."),
        ("ru", 5, "ещё у 5 записей: Olena."),
        ("uk", 21, "ще в 21 запису: Olena."),
        ("uk", 2, "ще в 2 записів: Olena."),
    ],
)
def test_a_count_has_its_form(language, count, ending):
    others = reasons.person.others(chosen="Petro", count=count, names="Olena")
    assert say(others, language).endswith(ending)


def test_what_is_found_later_had_been_called_by_us():
    found = reasons.write.found_later(name="Иван")
    assert say(found, "en").endswith("“Иван”, which did not exist yet during the call.")
    assert say(found, "ru").endswith("в «Иван»; во время звонка этой записи ещё не было.")


def test_unknown_things_are_said_as_they_are():
    assert say(stored("gone.code", {"name": "x"}), "ru") == "gone.code"
    said = say(stored("owner.line", {"line": "2000"}), "en")
    assert said == "Internal SIP number 2000 belongs to …."
    assert say(reasons.skip.internal(), "fr") == "Internal call."
    assert label("state.BRAND_NEW", "uk") == "BRAND_NEW"


def test_a_value_with_braces_is_text():
    assert "{0.__class__}" in say(reasons.skip.withheld(number="{0.__class__}"), "en")


def test_moments_are_written_as_people_write_them():
    moment = datetime(2026, 7, 9, 16, 5, 2)
    assert written_moment(moment, "ru") == "09.07.2026 16:05:02"
    assert written_moment(moment, "en") == "2026-07-09 16:05:02"


@pytest.mark.parametrize(
    ("span", "en", "ru", "uk"),
    [
        (timedelta(minutes=1), "1 minute", "1 минуту", "1 хвилину"),
        (timedelta(minutes=21), "21 minutes", "21 минуту", "21 хвилину"),
        (timedelta(minutes=22), "22 minutes", "22 минуты", "22 хвилини"),
        (timedelta(minutes=61), "61 minutes", "61 минуту", "61 хвилину"),
        (timedelta(hours=21), "21 hours", "21 час", "21 годину"),
    ],
)
def test_a_span_has_the_case_of_what_it_stands_in(span, en, ru, uk):
    called_back = reasons.loop.called_back(after=span, user="Olena")
    assert f"after {en}:" in say(called_back, "en")
    assert f"через {ru}:" in say(called_back, "ru")
    assert f"через {uk}:" in say(called_back, "uk")


@pytest.mark.parametrize(
    ("language", "day", "due"),
    [
        ("ru", "09.07.2026", "09.07.2026 16:05"),
        ("uk", "09.07.2026", "09.07.2026 16:05"),
        ("en", "2026-07-09", "2026-07-09 16:05"),
    ],
)
def test_days_in_a_sentence_are_written_as_in_the_description(language, day, due):
    moved = say(reasons.opportunity.close_date(date=date(2026, 7, 9)), language)
    assert moved.endswith(f"{day}.")
    assert say(reasons.task.open(due=datetime(2026, 7, 9, 16, 5)), language).endswith(f"{due}.")
    named = reasons.write.lead_found(name="2026-07-09")
    assert "2026-07-09" in say(named, language)
