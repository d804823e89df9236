"""The parts of a SOQL query."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Path:
    """A field, possibly through relationships: `Owner.Name` is ("Owner", "Name")."""

    parts: tuple[str, ...]
    at: int
    alias: str = ""

    def __str__(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True)
class Aggregate:
    """`MAX(CloseDate) latest`: a function, in capitals, over the records of a group."""

    function: str
    path: Path
    at: int
    alias: str = ""


@dataclass(frozen=True)
class Literal:
    """A value: kind is string, number, boolean, null, date, datetime or period (`TODAY`).

    `at`: its position.
    """

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
    """One ORDER BY term; a function in a query with groups only."""

    path: Path | Aggregate
    descending: bool
    nulls_last: bool


@dataclass(frozen=True)
class Select:
    """A query, or a sub-query. `from_name` is an object, or a child relationship in a sub-query."""

    fields: tuple["Path | Aggregate | Select", ...]
    from_name: str
    from_at: int
    count: bool = False
    where: Condition | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    source: str = field(default="", compare=False)
    group: tuple[Path, ...] = ()

    @property
    def of_record(self) -> tuple["Path | Select", ...]:
        """What it selects of each record."""
        return tuple(part for part in self.fields if not isinstance(part, Aggregate))

    @property
    def aggregates(self) -> bool:
        """Whether it gives groups of records rather than records."""
        return bool(self.group) or any(isinstance(part, Aggregate) for part in self.fields)
