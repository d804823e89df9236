"""Every text of the pages, and everything said of calls, is translated with its placeholders."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po

from core import ROOT
from core.languages import TRANSLATED
from dev.catalogues import CATALOGUES
from dev.messages import MARKS, SOURCES

PLACEHOLDER = re.compile(r"%\(\w+\)s|\{+\w+\}+")
LOOSE = re.compile(r" —|(?:шаг|крок)у? \d")
"""A dash that could begin a line, a number that could leave its step."""
PLURALS = 3
"""Forms in Russian and in Ukrainian."""

every_catalogue = pytest.mark.parametrize(
    ("domain", "language"), [(one, code) for one in CATALOGUES for code in TRANSLATED]
)


@cache
def texts_in_use(domain: str) -> frozenset[str]:
    """The texts that stand in the code; of a plural, its singular."""
    methods = [("**.py", "python"), ("**.html", "jinja2")]
    keywords = {**DEFAULT_KEYWORDS, **parse_keywords(MARKS)}
    found = [
        message
        for folder in SOURCES[domain]
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, methods, keywords=keywords)
    ]
    return frozenset(forms(message)[0] for message in found)


def catalogue(domain: str, language: str) -> Catalog:
    path = ROOT / CATALOGUES[domain] / language / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def messages(domain: str, language: str) -> list[Message]:
    return [one for one in catalogue(domain, language) if one.id]


def forms(text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@every_catalogue
def test_no_text_is_missing_and_none_is_left_over(domain, language):
    known = {forms(one.id)[0] for one in messages(domain, language)}
    assert texts_in_use(domain) - known == set()
    assert known - texts_in_use(domain) == set()


@every_catalogue
def test_every_text_is_translated(domain, language):
    untranslated = [
        one.id for one in messages(domain, language) if one.fuzzy or not all(forms(one.string))
    ]
    assert untranslated == []


@every_catalogue
def test_every_plural_has_all_its_forms(domain, language):
    plurals = [one for one in messages(domain, language) if not isinstance(one.id, str)]
    assert plurals
    for one in plurals:
        assert len(forms(one.string)) == PLURALS, one.id


@every_catalogue
def test_placeholders_survive_translation(domain, language):
    for one in messages(domain, language):
        wanted = sorted(PLACEHOLDER.findall(forms(one.id)[0]))
        for text in forms(one.string):
            assert sorted(PLACEHOLDER.findall(text)) == wanted, one.id


@every_catalogue
def test_translations_are_in_cyrillic(domain, language):
    latin = {
        one.id
        for one in messages(domain, language)
        if not re.search("[а-яіїєґ]", str(one.string), re.I)
    }
    assert latin <= {"Salesforce", "My Domain"}


@every_catalogue
def test_dashes_and_steps_stay_with_their_words(domain, language):
    texts = [text for one in messages(domain, language) for text in forms(one.string)]
    assert [text for text in texts if LOOSE.search(text)] == []


@pytest.mark.parametrize("domain", CATALOGUES)
def test_the_ukrainian_apostrophe_is_a_letter_of_its_own(domain):
    texts = [text for one in messages(domain, "uk") for text in forms(one.string)]
    assert [text for text in texts if "'" in text] == []


def test_russian_speaks_the_manuals_words():
    russian = {one.id: one.string for one in messages("messages", "ru")}
    assert russian["Connect"] == "Подключить"
    assert russian["Contacts and opportunities"] == "Контакты и возможности"
    assert russian["If the lead was already converted"] == "Если лид ранее был сконвертирован"
    assert russian["Create leads on outgoing calls"] == "Создавать лиды при исходящих звонках"
    assert russian["Own fields"] == "Собственные поля"
