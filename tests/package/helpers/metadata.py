"""What the Metadata API takes: elements, values and which must be there, of every type.

Read from the types that Salesforce makes from the API's WSDL (npm `@salesforce/types`,
lib/metadata.d.ts). A line of them: `distributionState?: ExtlClntAppDistState;`, with
`type ExtlClntAppDistState = 'Local' | 'Packaged' | …`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from pathlib import Path
from xml.etree.ElementTree import Element

from tests.helpers.node import PACKAGES

NAMESPACE = "{http://soap.sforce.com/2006/04/metadata}"
TYPES = PACKAGES / "@salesforce" / "types" / "lib" / "metadata.d.ts"

_DEFINITION = re.compile(r"^export type (\w+) = (.+?);\n(?=export|$)", re.MULTILINE | re.DOTALL)
_ELEMENT = re.compile(r"^    (\w+)(\??): (.+?)(\[\])?;$", re.MULTILINE)
_ENUMERATION = re.compile(r"'([^']*)'")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SCALARS = frozenset({"string", "boolean", "number", "Date"})


@dataclass(frozen=True)
class Part:
    """An element that a type may hold. `many` is a list, which may be empty."""

    type: str
    required: bool
    many: bool


class Types:
    """The types of one metadata.d.ts."""

    def __init__(self, path: Path = TYPES) -> None:
        self._text = path.read_text()

    @cached_property
    def _definitions(self) -> Mapping[str, str]:
        return dict(_DEFINITION.findall(self._text))

    def parts(self, kind: str) -> dict[str, Part]:
        """The elements of a type, those of the types that it extends among them."""
        heads, brace, body = self._definitions[kind].partition("{")
        parts: dict[str, Part] = {}
        for base in re.findall(r"\w+", heads):
            parts |= self.parts(base)
        for name, optional, kind_of_part, many in _ELEMENT.findall(brace + body):
            parts[name] = Part(kind_of_part, not optional and not many, bool(many))
        return parts

    def faults(self, element: Element) -> Iterator[str]:
        """Everything by which the API would refuse a file with this root."""
        kind = name_of(element)
        if kind not in self._definitions:
            yield f"{kind} is no type of metadata"
        else:
            yield from self._faults(element, kind, kind)

    def _faults(self, element: Element, kind: str, place: str) -> Iterator[str]:
        if element.attrib:
            yield f"{place} has attributes"
        if kind in _SCALARS or self._is_text(kind):
            yield from self._faults_of_value(element, kind, place)
        else:
            yield from self._faults_of_parts(element, self.parts(kind), place)

    def _is_text(self, kind: str) -> bool:
        return self._definitions[kind] == "string" or self._definitions[kind].startswith("'")

    def _faults_of_value(self, element: Element, kind: str, place: str) -> Iterator[str]:
        text = element.text or ""
        if len(element):
            yield f"{place} holds elements, and is a value"
        elif not self._fits(text, kind):
            yield f"{place} is “{text}”, and should be {self._definitions.get(kind, kind)}"

    def _fits(self, text: str, kind: str) -> bool:
        match kind:
            case "string":
                return True
            case "boolean":
                return text in ("true", "false")
            case "number":
                return _NUMBER.fullmatch(text) is not None
            case "Date":
                return _is_date(text)
        allowed = _ENUMERATION.findall(self._definitions[kind])
        return not allowed or text in allowed

    def _faults_of_parts(
        self, element: Element, parts: Mapping[str, Part], place: str
    ) -> Iterator[str]:
        if (element.text or "").strip():
            yield f"{place} is a value, and should hold elements"
        runs = [name for name, _ in groupby(map(name_of, element))]
        # "Element … is duplicated at this location", say deployments of a list in two places.
        yield from (f"{place}.{name} stands in two places" for name in _twice(runs))
        for name, part in parts.items():
            if part.required and name not in runs:
                yield f"{place}.{name} is missing"
            if not part.many and len(element.findall(NAMESPACE + name)) > 1:
                yield f"{place}.{name} stands twice"
        for child in element:
            name = name_of(child)
            if name in parts:
                yield from self._faults(child, parts[name].type, f"{place}.{name}")
            else:
                yield f"{place}.{name} does not exist"


def name_of(element: Element) -> str:
    """Raises ValueError for an element that is not of the Metadata API."""
    if not element.tag.startswith(NAMESPACE):
        raise ValueError(f"{element.tag} is not of the Metadata API")
    return element.tag.removeprefix(NAMESPACE)


def _twice(names: list[str]) -> set[str]:
    return {name for name in names if names.count(name) > 1}


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
