"""Names of nested fields, as forms and templates write them: `call[from]`, `to[0]`, `call.to`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from core.events.bounds import DEPTH_AT_MOST
from core.events.values import STANDARD, TEMPLATE

_PART = re.compile(r"[^\[\].]+")
_OURS = {"call", *STANDARD.values(), *TEMPLATE.values()}
_LISTS = {
    names[field] for names in (STANDARD, TEMPLATE) for field in ("from", "to", "outer_number")
}


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


def _path(name: str) -> list[str]:
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
