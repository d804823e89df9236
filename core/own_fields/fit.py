"""A rendered text → a value that a Salesforce field takes, or why it does not fit.

Source of the limits: the org's describe (REST guide, "sObject Describe"), field types of the
object reference. Dates and times without a zone are read in the account's time zone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from typing import Protocol

from core import reasons
from core.facts import FieldInfo
from core.plan import Value
from core.policy import Policy
from core.reasons import Reason
from core.same_text import folded, plain

TEXT = frozenset({"string", "textarea", "combobox", "encryptedstring"})
_YES = frozenset({"true", "1", "yes", "да", "так", "истина"})
_NO = frozenset({"false", "0", "no", "нет", "ні", "ложь"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_MOST_MAGNITUDE = 18
"""Powers of ten: Salesforce's numbers have 18 digits."""
_WIDE = Context(prec=80)
"""Room for every magnitude and scale; the usual 28 digits are not."""
# Python takes `1_000` for a number, people do not.
_POINTS = str.maketrans({" ": "", ",": ".", "_": "?"})
_NONE, _MINUTE = timedelta(), timedelta(minutes=1)
_DATE_FORMATS = ("%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S")


@dataclass(frozen=True)
class Unfit:
    """The value is left out; `reason` says why."""

    reason: Reason


def fit(text: str, info: FieldInfo, policy: Policy) -> Value | Unfit:
    """`text` as a value of the field's type. An empty text never clears a field: it is unfit."""
    text = text.strip()
    if not plain(text):
        return Unfit(reasons.own.empty(field=info.name))
    if info.type in TEXT:
        return cut(text, info.length)
    fitting = _BY_TYPE.get(info.type)
    if fitting is None:
        return Unfit(reasons.own.type(field=info.name, type=info.type))
    return fitting(text, info, policy)


def is_supported(field_type: str) -> bool:
    """Lookups, ids, addresses and the like cannot be filled from a text."""
    return field_type in TEXT or field_type in _BY_TYPE


class _Misfit(Protocol):
    def __call__(self, *, field: str, value: str) -> Reason: ...


def _unfit(misfit: _Misfit, text: str, info: FieldInfo) -> Unfit:
    return Unfit(misfit(field=info.name, value=text[:80]))


def cut(text: str, length: int) -> str:
    """Shortened to a field's length, with a mark; 0 = no limit known.

    Salesforce counts UTF-16 units: what lies beyond the basic plane, such as emoji, counts twice.
    """
    if length <= 0 or _units(text) <= length:
        return text
    shorter = text[: length - 1]
    while _units(shorter) > length - 1:
        shorter = shorter[:-1]
    return shorter + "…"


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _whole(text: str, info: FieldInfo, _: Policy) -> Value | Unfit:
    """A cut number or address would be another one: it fits or it does not."""
    return text if cut(text, info.length) == text else _unfit(reasons.own.too_long, text, info)


def _url(text: str, info: FieldInfo, policy: Policy) -> Value | Unfit:
    if re.search(r"\s", text) or "." not in text:
        return _unfit(reasons.own.not_url, text, info)
    return _whole(text, info, policy)


def _email(text: str, info: FieldInfo, policy: Policy) -> Value | Unfit:
    return (
        _whole(text, info, policy)
        if _EMAIL.fullmatch(text)
        else _unfit(reasons.own.not_email, text, info)
    )


def _boolean(text: str, info: FieldInfo, _: Policy) -> Value | Unfit:
    word = folded(text)
    return word in _YES if word in _YES | _NO else _unfit(reasons.own.not_checkbox, text, info)


def _number(text: str, info: FieldInfo, _: Policy) -> Value | Unfit:
    try:
        number = Decimal(plain(text).translate(_POINTS))
    except InvalidOperation:
        return _unfit(reasons.own.not_number, text, info)
    if not number.is_finite() or abs(number.adjusted()) > _MOST_MAGNITUDE:
        return _unfit(reasons.own.not_number, text, info)
    if info.type == "int":
        whole = number.to_integral_value()
        limit = info.digits or 9
        return int(whole) if abs(whole) < 10**limit else _unfit(reasons.own.too_big, text, info)
    rounded = number.quantize(Decimal(1).scaleb(-info.scale), context=_WIDE)
    if info.precision and abs(rounded) >= 10 ** (info.precision - info.scale):
        return _unfit(reasons.own.too_big, text, info)
    return float(rounded)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  the zone is the account's
        except ValueError:
            continue
    return None


def _date(text: str, info: FieldInfo, policy: Policy) -> Value | Unfit:
    moment = _moment(plain(text))
    if moment is None or not _in_range(moment.date()):
        return _unfit(reasons.own.not_date, text, info)
    day = moment.astimezone(policy.zone).date() if moment.tzinfo else moment.date()
    return day.isoformat() if _in_range(day) else _unfit(reasons.own.not_date, text, info)


def _datetime(text: str, info: FieldInfo, policy: Policy) -> Value | Unfit:
    moment = _moment(plain(text))
    if moment is None or not _in_range(moment.date()):
        return _unfit(reasons.own.not_datetime, text, info)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=policy.zone)
    if not _in_range(moment.astimezone(UTC).date()):
        return _unfit(reasons.own.not_datetime, text, info)
    if (moment.utcoffset() or _NONE) % _MINUTE:  # local mean time: Salesforce reads whole minutes
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="seconds")


def _in_range(day: date) -> bool:
    """Salesforce takes the years 1700 to 4000."""
    return 1700 <= day.year <= 4000


def _picklist(text: str, info: FieldInfo, _: Policy) -> Value | Unfit:
    known = _known_value(text, info)
    if known is None and info.restricted:
        return _unfit(reasons.own.not_in_list, text, info)
    return known or cut(text, info.length)


def _multipicklist(text: str, info: FieldInfo, policy: Policy) -> Value | Unfit:
    parts = [text] if _known_value(text, info) else text.split(";")
    chosen = [_picklist(part.strip(), info, policy) for part in parts if part.strip()]
    if not chosen:
        return Unfit(reasons.own.empty(field=info.name))
    refused = next((one for one in chosen if isinstance(one, Unfit)), None)
    return refused or ";".join(dict.fromkeys(str(one) for one in chosen))


def _known_value(text: str, info: FieldInfo) -> str | None:
    """The API name of the value meant by its API name or its label; the nearest spelling first."""
    known = [*((value, value) for value in info.picklist), *info.labels]
    exact = (value for name, value in known if name == text)
    alike = (value for name, value in known if folded(name) == folded(text))
    return next(exact, None) or next(alike, None)


_BY_TYPE: dict[str, Callable[[str, FieldInfo, Policy], Value | Unfit]] = {
    "phone": _whole,
    "url": _url,
    "email": _email,
    "boolean": _boolean,
    "int": _number,
    "double": _number,
    "currency": _number,
    "percent": _number,
    "date": _date,
    "datetime": _datetime,
    "picklist": _picklist,
    "multipicklist": _multipicklist,
}
