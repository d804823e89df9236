"""No reason without a sentence in three languages."""

import re
import string
from datetime import date, datetime

import pytest

from core import reasons
from core.own_fields import VARIABLES
from core.reasons import stored
from core.texts import LANGUAGES, en, label, ru, say, uk, written_moment

LOOSE = re.compile(r" —|(?:шаг|крок)у? \d")
"""A dash that could begin a line, a number that could leave its step."""
STATES = (
    *("ANSWER", "BUSY", "FAIL", "NOANSWER", "CHANUNAVAIL"),
    *("NOMONEY", "BUSYOUT", "WRONGDIR", "BLOCKED", "DIALING"),
    *("UNREACHABLE", "NOT_EXIST", "ANSW_RJCT", "ANSW_NF_OP", "ANSW_OP_NA"),
    *("ANSWERING_MACHINE", "AUDIO_ERR", "WRONG_DIR", "CLIENT_CALLED", "CANCEL"),
    *("AUTOCANCEL",),
)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("other", [ru, uk])
def test_languages_have_the_same_sentences_with_the_same_placeholders(other):
    for ours, theirs in ((en.REASONS, other.REASONS), (en.LABELS, other.LABELS)):
        assert ours.keys() == theirs.keys()
        for code in ours:
            assert placeholders(ours[code]) == placeholders(theirs[code]), code


@pytest.mark.parametrize("language", [ru, uk])
def test_dashes_and_steps_stay_with_their_words(language):
    assert [text for text in language.REASONS.values() if LOOSE.search(text)] == []


def test_the_ukrainian_apostrophe_is_a_letter_of_its_own():
    texts = {**uk.LABELS, **uk.MAILS, **uk.REASONS}
    assert [text for text in texts.values() if "'" in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_telephony_state_has_words(state, language):
    assert label(f"state.{state}", language) != state


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_variable_has_a_name(language):
    names = [label(f"variable.{name}", language) for name in VARIABLES]
    assert len(set(names)) == len(VARIABLES)
    assert {f"variable.{name}" for name in VARIABLES} <= en.LABELS.keys()


def test_sentences_are_filled_in():
    reason = reasons.owner.line(line="2000", user="Олена")
    assert say(reason, "en") == "Internal SIP number 2000 belongs to Олена."
    assert say(reason, "ru") == "Внутренний SIP номер 2000 закреплён за сотрудником Олена."
    assert say(reasons.own.unknown_variable(field="F", variable="x"), "en") == (
        "F: there is no variable {x}."
    )


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
