"""Where a file of the package must lie and what its root must be, by its name's ending.

Read from the registry by which Salesforce's CLI finds files: metadataRegistry.json of
`@salesforce/source-deploy-retrieve`, which comes with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import Any

from tests.helpers.node import PACKAGES

REGISTRY = PACKAGES / "@salesforce/source-deploy-retrieve/lib/src/registry/metadataRegistry.json"


@dataclass(frozen=True)
class Place:
    """`folders`: above the file, from the package's top; "" stands for a name of one's own."""

    kind: str
    folders: tuple[str, ...]

    def holds(self, path: PurePath) -> bool:
        found = path.parent.parts
        return len(found) == len(self.folders) and all(
            wanted in ("", name) for wanted, name in zip(self.folders, found, strict=True)
        )


def place_of(file_name: str) -> Place:
    """Raises KeyError for an ending that no type has."""
    _, _, suffix = file_name.removesuffix("-meta.xml").rpartition(".")
    return _places()[suffix]


@cache
def _places() -> dict[str, Place]:
    types = json.loads(REGISTRY.read_text())["types"].values()
    return {suffix: place for kind in types for suffix, place in _of(kind)}


def _of(kind: dict[str, Any]) -> Iterator[tuple[str, Place]]:
    """A type's own files, and those of the parts that may lie beside them."""
    top = kind["directoryName"]
    strategies = kind.get("strategies", {})
    own_folder = kind.get("inFolder") or strategies.get("adapter") == "decomposed"
    folders = (top, "") if own_folder else (top,)
    if "suffix" in kind:
        yield kind["suffix"], Place(kind["name"], folders)
    for part in kind.get("children", {}).get("types", {}).values():
        beside = strategies.get("decomposition") == "topLevel"
        where = folders if beside else (*folders, part["directoryName"])
        yield part["suffix"], Place(part["name"], where)
