"""How a reason is declared, made, kept and read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from inspect import signature
from string import Formatter
from typing import Any, Generic, ParamSpec, Protocol, get_type_hints

P = ParamSpec("P")


@dataclass(frozen=True)
class Reason:
    """A sentence for the customer: its code and what fills it in. Only `Declared` makes one."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    def is_one_of(self, *kinds: Declared[Any]) -> bool:
        return any(self.code == one.code for one in kinds)

    def naming(self, **others: str) -> Reason:
        """The same with other words for some params, such as a field's label for its name."""
        return replace(self, params={**self.params, **others})


@dataclass(frozen=True)
class Words:
    """Salesforce's own words. A reason that has them keeps all three, whatever its sentence says:
    the page may show them beside it."""

    code: str = ""
    message: str = ""
    fields: str = ""


class Cause(Protocol):
    """A declared reason that keeps Salesforce's own words: what an error of its is to us."""

    def __call__(self, said: Words, /) -> Reason: ...


class Declared(Generic[P]):
    """One kind of reason. Called with its parameters, it makes a `Reason`.

    `code` is the family, which is the module's name, and the function's name. `sentence` is
    English; with `plural` the parameter `count` chooses between the two. `days` names the
    parameters that are written as people of a language write days, `spans` those that say how long
    something took.
    """

    def __init__(self, declared: Callable[P, None], sentence: str, plural: str = "") -> None:
        self.code = f"{declared.__module__.rpartition('.')[2]}.{declared.__name__}"
        self.sentence, self.plural = sentence, plural
        self._signature = signature(declared)
        types = get_type_hints(declared)
        types.pop("return", None)
        self.days = frozenset(name for name, kind in types.items() if issubclass(kind, date))
        self.spans = frozenset(name for name, kind in types.items() if kind is timedelta)
        self._check(types)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Reason:
        params: dict[str, str] = {}
        for name, value in self._signature.bind(*args, **kwargs).arguments.items():
            params |= asdict(value) if isinstance(value, Words) else {name: _text(value)}
        return Reason(self.code, params)

    def _check(self, types: Mapping[str, type]) -> None:
        """Raises TypeError unless the sentence says exactly what its parameters give."""
        given = {name for name, kind in types.items() if kind is not Words}
        more = {one.name for one in fields(Words)} if Words in types.values() else set()
        for sentence in filter(None, (self.sentence, self.plural)):
            said = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
            if said - more != given - more:
                raise TypeError(f"{self.code} says {sorted(said)} and is given {sorted(given)}")
        if self.plural and types.get("count") is not int:
            raise TypeError(f"{self.code} has a plural and no `count: int`")


DECLARED: dict[str, Declared[Any]] = {}
"""Every reason of the product, by its code."""


def reason(sentence: str, plural: str = "") -> Callable[[Callable[P, None]], Declared[P]]:
    """Declare a reason: the function's name and parameters are the reason's.

    Parameters are of type str, int, date, datetime, timedelta, or `Words`. Raises TypeError, at
    import, when the sentence's placeholders are not exactly the parameters.
    """

    def declare(declared: Callable[P, None]) -> Declared[P]:
        one = Declared(declared, sentence, plural)
        DECLARED[one.code] = one
        return one

    return declare


def stored(code: str, params: Mapping[str, str]) -> Reason:
    """A reason as the database kept it. One that is declared no more stays what it is: said, it
    is its code."""
    return Reason(code, params)


def said_only(reason: Reason) -> Reason:
    """The reason with nothing but what its sentence says."""
    sentence = DECLARED[reason.code].sentence
    said = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    return replace(reason, params={k: v for k, v in reason.params.items() if k in said})


def as_columns(reason: Reason | None) -> dict[str, Any]:
    """A reason, or none, as the columns `reason_code` and `reason_params` keep it."""
    return {
        "reason_code": reason.code if reason else "",
        "reason_params": dict(reason.params) if reason else {},
    }


def _text(value: str | int | date | timedelta) -> str:
    """Days are kept in ISO, to the minute, and spans in seconds, as the journal is read in any
    language. A moment in UTC keeps its offset; others are told by the account's own clock."""
    if isinstance(value, timedelta):
        return str(int(value.total_seconds()))
    if isinstance(value, datetime):
        told = value if value.tzinfo is UTC else value.replace(tzinfo=None)
        return told.isoformat(sep=" ", timespec="minutes")
    return str(value)
