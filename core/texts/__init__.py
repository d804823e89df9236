"""Everything the product says about calls, in the customer's language.

`REASONS` of each language are sentences for the journal and the pages; `LABELS` are words that
go into Salesforce and into forms. Both are looked up by code; the three languages have the same
codes with the same `{placeholders}`, which a test sees to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from core.reasons import DECLARED, Reason
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


class _Params(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


def say(reason: Reason, language: str, written_day: Callable[[str], str] | None = None) -> str:
    """A reason as a sentence. One that is declared no more (an older version's, kept in the
    journal) comes back as its code. `written_day` writes days that are kept in ISO, with a time or
    without, otherwise than people of that language do."""
    declared = DECLARED.get(reason.code)
    if declared is None:
        return reason.code
    write = written_day or partial(_written_day, language=language)
    days = {name: write(reason.params[name]) for name in declared.days & reason.params.keys()}
    sentence = _of(_REASONS, language)[reason.code]
    return sentence.format_map(_Params({**reason.params, **days}))


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


def _written_day(iso: str, language: str) -> str:
    moment = written_moment(datetime.fromisoformat(iso), language)
    return moment.partition(" ")[0] + iso[len("2026-07-09") :]


def _of(texts: Mapping[str, Mapping[str, str]], language: str) -> Mapping[str, str]:
    return texts.get(language, texts["en"])
