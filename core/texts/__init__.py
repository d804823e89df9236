"""Everything the product says about calls, in the customer's language.

`REASONS` of each language are sentences for the journal and the pages; `LABELS` are words that
go into Salesforce and into forms. Both are looked up by code; the three languages have the same
codes with the same `{placeholders}`, which a test sees to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from core.plan import Reason
from core.texts import en, ru, uk

LANGUAGES = ("ru", "uk", "en")

_REASONS: Mapping[str, Mapping[str, str]] = {
    "en": en.REASONS,
    "ru": ru.REASONS,
    "uk": uk.REASONS,
}
_LABELS: Mapping[str, Mapping[str, str]] = {"en": en.LABELS, "ru": ru.LABELS, "uk": uk.LABELS}
_MAILS: Mapping[str, Mapping[str, str]] = {"en": en.MAILS, "ru": ru.MAILS, "uk": uk.MAILS}
_MOMENTS = {"en": "%Y-%m-%d %H:%M:%S", "ru": "%d.%m.%Y %H:%M:%S", "uk": "%d.%m.%Y %H:%M:%S"}
DAYS = frozenset({"date", "due"})
"""Params of reasons that hold a day, with a time or without."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?")


class _Params(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


def say(reason: Reason, language: str) -> str:
    """A reason as a sentence. A code that no language knows (an older version's, kept in the
    journal) comes back as it is."""
    sentence = _of(_REASONS, language).get(reason.code)
    params = {name: _written(name, value, language) for name, value in reason.params.items()}
    return sentence.format_map(_Params(params)) if sentence else reason.code


def label(code: str, language: str, **params: str) -> str:
    """A word or two by code; an unknown one, such as a new telephony state, is its last part."""
    words = _of(_LABELS, language).get(code)
    return words.format_map(_Params(params)) if words else code.rpartition(".")[2]


def mail(code: str, language: str, **params: str) -> str:
    """A mail's `….subject` or `….text`."""
    return _of(_MAILS, language)[code].format_map(_Params(params))


def written_moment(moment: datetime, language: str) -> str:
    """A date and time as people of that language write it."""
    return moment.strftime(_MOMENTS.get(language, _MOMENTS["en"]))


def _written(name: str, value: str, language: str) -> str:
    """Days and due times are kept in ISO, as the journal is read in any language."""
    if name not in DAYS or not _ISO.fullmatch(value):
        return value
    moment = written_moment(datetime.fromisoformat(value), language)
    return moment.partition(" ")[0] + value[len("2026-07-09") :]


def reason_codes() -> frozenset[str]:
    return frozenset(en.REASONS)


def _of(texts: Mapping[str, Mapping[str, str]], language: str) -> Mapping[str, str]:
    return texts.get(language, texts["en"])
