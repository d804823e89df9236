"""Names of nested fields, as forms and templates write them: `call[from]`, `to[0]`, `call.to`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from core.events.bounds import DEPTH_AT_MOST
from core.events.values import STANDARD, TEMPLATE

_PART = re.compile(r"[^\[\].]+")
_NESTING = frozenset("[].")
_OURS = {"call", *STANDARD.values(), *TEMPLATE.values()}
_LISTS = {
    names[field] for names in (STANDARD, TEMPLATE) for field in ("from", "to", "outer_number")
}
_NUMBERED = re.compile(rf"{TEMPLATE['to']}_[0-9]{{1,3}}")
_TEMPLATES_OWN = {name for name in TEMPLATE.values() if name != TEMPLATE["event"]}


class _Nested(dict[str, Any]):
    """An object that nested names made; one that was sent is never written into."""


def from_form(pairs: Iterable[tuple[str, str]]) -> dict[str, str | list[str]]:
    """A form's names and values in their order → an event. A repeated name lists several numbers;
    of anything else its first value counts."""
    every: dict[str, list[str]] = {}
    for name, value in pairs:
        every.setdefault(name, []).append(value)
    return {name: values if _is_list(name, values) else values[0] for name, values in every.items()}


def unfolded(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """`{"call[to][0]": …}` → `{"call": {"to": {"0": …}}}`; `to[]` is `to`. A name that is there
    plainly stands, and one that we do not read stays as it is."""
    nested = {name: path for name in event if name != (path := _path(name))[0] in _OURS}
    made = {name: value for name, value in event.items() if name not in nested}
    plain = set(made)
    for name, path in nested.items():
        if path[0] not in plain:
            _put(made, path, event[name])
    return made


def foreign_parts(event: Mapping[str, Any]) -> Iterable[Any]:
    """What nested names that are not ours make: of `data[event]=…` the object `data`."""
    made = _Nested()
    for name, value in event.items():
        if len(path := _path(name)) > 1 and path[0] not in _OURS:
            _put(made, path, value)
    return made.values()


def is_templated(event: Mapping[str, Any]) -> bool:
    """Whether it has a name of a customer's template, `event` aside."""
    return any(str(one) in _TEMPLATES_OWN or _NUMBERED.fullmatch(str(one)) for one in event)


def _path(name: str) -> list[str]:
    if not _NESTING.intersection(str(name)):
        return [name]
    parts = _PART.findall(str(name))
    return parts if 0 < len(parts) <= DEPTH_AT_MOST else [name]


def _put(made: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        made = made.setdefault(part, _Nested())
        if not isinstance(made, _Nested):
            return
    made.setdefault(path[-1], value)


def _is_list(name: str, values: list[str]) -> bool:
    return name.endswith("[]") or (len(values) > 1 and _path(name)[-1] in _LISTS)
