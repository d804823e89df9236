"""The parts of a SOQL query."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Path:
    """A field, possibly through relationships: `Owner.Name` is ("Owner", "Name")."""

    parts: tuple[str, ...]
    at: int

    def __str__(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True)
class Literal:
    """A value: kind is string, number, boolean, null, date or datetime. `at`: its position."""

    kind: str
    value: Any
    at: int
    like: str = ""


@dataclass(frozen=True)
class Compare:
    """`path op literal`; op is one of = != < > <= >= LIKE."""

    path: Path
    op: str
    literal: Literal


@dataclass(frozen=True)
class InList:
    """`path IN (…)` or NOT IN."""

    path: Path
    negated: bool
    values: tuple[Literal, ...]


@dataclass(frozen=True)
class InSelect:
    """`path IN (SELECT …)` or NOT IN: a semi-join or anti-join."""

    path: Path
    negated: bool
    select: "Select"


@dataclass(frozen=True)
class Junction:
    """Several conditions joined by one word, AND or OR."""

    word: str
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """NOT condition."""

    part: "Condition"


Condition = Compare | InList | InSelect | Junction | Not


@dataclass(frozen=True)
class Order:
    """One ORDER BY term."""

    path: Path
    descending: bool
    nulls_last: bool


@dataclass(frozen=True)
class Select:
    """A query, or a sub-query. `from_name` is an object, or a child relationship in a sub-query."""

    fields: tuple["Path | Select", ...]
    from_name: str
    from_at: int
    count: bool = False
    where: Condition | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    source: str = field(default="", compare=False)
