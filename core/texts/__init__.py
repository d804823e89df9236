"""Everything the product says about calls, in the language of whoever reads it.

Reasons are sentences for the journal and the pages, labels are words that go into Salesforce and
into forms, mails go to an account's owners. English stands in the code, in `core.reasons` and
here; its translations in core/translations (`make messages`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from gettext import NullTranslations, translation

from babel.dates import format_timedelta

from core import ROOT
from core.languages import TRANSLATED
from core.reasons import DECLARED, Reason
from core.texts.labels import LABELS
from core.texts.mails import MAILS

_ENGLISH = NullTranslations()
_TRANSLATIONS = {
    language: translation("reasons", ROOT / "core" / "translations", [language])
    for language in TRANSLATED
}
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
    spans = {
        name: written_span(timedelta(seconds=float(reason.params[name])), language)
        for name in declared.spans & reason.params.keys()
    }
    write = written_day or partial(_written_day, language=language)
    days = {name: write(reason.params[name]) for name in declared.days & reason.params.keys()}
    sentence = _in(language).gettext(declared.sentence)
    if declared.plural:
        count = int(reason.params.get("count", 0))
        sentence = _in(language).ngettext(declared.sentence, declared.plural, count)
    return sentence.format_map(_Params({**reason.params, **days, **spans}))


def label(code: str, language: str, **params: str) -> str:
    """A word or two by code; an unknown one, such as a new telephony state, is its last part."""
    if code not in LABELS:
        return code.rpartition(".")[2]
    return _in(language).gettext(LABELS[code]).format_map(_Params(params))


def mail(code: str, language: str, **params: str) -> str:
    """A mail's `….subject` or `….text`."""
    return _in(language).gettext(MAILS[code]).format_map(_Params(params))


def written_moment(moment: datetime, language: str) -> str:
    """A date and time as people of that language write it."""
    return moment.strftime(_MOMENTS.get(language, _MOMENTS["en"]))


def written_span(span: timedelta, language: str) -> str:
    """How long something took, as it stands after *after* or *by*: `12 minutes`, `21 минуту`.

    CLDR has that case only with the direction, `in 12 minutes` and `через 21 минуту`: a word and
    the span.
    """
    ahead = format_timedelta(abs(span), "minute", threshold=2, add_direction=True, locale=language)
    return ahead.partition(" ")[2]


def _written_day(iso: str, language: str) -> str:
    moment = written_moment(datetime.fromisoformat(iso), language)
    return moment.partition(" ")[0] + iso[len("2026-07-09") :]


def _in(language: str) -> NullTranslations:
    return _TRANSLATIONS.get(language, _ENGLISH)
