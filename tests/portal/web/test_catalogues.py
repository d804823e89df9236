"""Every text of the portal is translated into every language, with its placeholders."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from core import ROOT
from dev.messages import MARKS
from portal.web.language import LANGUAGES

PLACEHOLDER = re.compile(r"%\(\w+\)s")
LOOSE = re.compile(r" —|(?:шаг|крок)у? \d")
"""A dash that could begin a line, a number that could leave its step."""
PLURALS = {"ru": 3, "uk": 3, "en": 2}


@cache
def texts_in_use() -> frozenset[str]:
    """The texts of all pages and messages; of a plural, its singular."""
    found = extract_from_dir(
        ROOT,
        method_map=[("portal/**.py", "python"), ("templates/**.html", "jinja2")],
        keywords=DEFAULT_KEYWORDS | dict.fromkeys(MARKS),
    )
    return frozenset(
        message if isinstance(message, str) else message[0] for _, _, message, _, _ in found
    )


def catalogue(language: str) -> Catalog:
    path = ROOT / "portal" / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> list[Message]:
    return [one for one in catalogue(language) if one.id]


def forms(text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing_and_none_is_left_over(language):
    known = {forms(one.id)[0] for one in messages(language)}
    assert texts_in_use() - known == set()
    assert known - texts_in_use() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language):
    untranslated = [one.id for one in messages(language) if one.fuzzy or not all(forms(one.string))]
    assert untranslated == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_all_its_forms(language):
    for one in messages(language):
        if not isinstance(one.id, str):
            assert len(forms(one.string)) == PLURALS[language], one.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_survive_translation(language):
    for one in messages(language):
        wanted = sorted(PLACEHOLDER.findall(forms(one.id)[0]))
        for text in forms(one.string):
            assert sorted(PLACEHOLDER.findall(text)) == wanted, one.id


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_translations_are_in_cyrillic(language):
    latin = {
        one.id for one in messages(language) if not re.search("[а-яіїєґ]", str(one.string), re.I)
    }
    assert latin <= {"Salesforce", "My Domain"}


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_dashes_and_steps_stay_with_their_words(language):
    texts = [text for one in messages(language) for text in forms(one.string)]
    assert [text for text in texts if LOOSE.search(text)] == []


def test_the_ukrainian_apostrophe_is_a_letter_of_its_own():
    texts = [text for one in messages("uk") for text in forms(one.string)]
    assert [text for text in texts if re.search(r"\w'\w", text)] == []


def test_russian_speaks_the_manuals_words():
    russian = {one.id: one.string for one in messages("ru")}
    assert russian["Connect"] == "Подключить"
    assert russian["Contacts and opportunities"] == "Контакты и возможности"
    assert russian["If the lead was already converted"] == "Если лид ранее был сконвертирован"
    assert russian["Create leads on outgoing calls"] == "Создавать лиды при исходящих звонках"
    assert russian["Own fields"] == "Собственные поля"
