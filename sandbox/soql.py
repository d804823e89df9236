"""SOQL parser: a text becomes a Select, or MALFORMED_QUERY with the place.

It knows what SOQL and SOSL Reference describes under SELECT, as far as a telephony integration
needs it, and refuses the rest. As in SOQL, AND and OR do not mix without parentheses.
"""

from dataclasses import replace

from sandbox.errors import SalesforceError
from sandbox.soql_ast import (
    Aggregate,
    Compare,
    Condition,
    InList,
    InSelect,
    Junction,
    Literal,
    Not,
    Order,
    Path,
    Select,
)
from sandbox.soql_lexer import Token, malformed, tokens
from sandbox.soql_periods import is_period

MAX_LENGTH = 100_000
_FUNCTIONS = {"COUNT", "COUNT_DISTINCT", "MIN", "MAX", "SUM", "AVG"}
_WORDS = {"SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "LIKE", "ORDER", "LIMIT", "OFFSET"}


def parse(text: str) -> Select:
    """The query. Raises SalesforceError MALFORMED_QUERY."""
    if len(text) > MAX_LENGTH:
        raise SalesforceError(
            "QUERY_TOO_COMPLICATED", "SOQL statements cannot be longer than 100000 characters."
        )
    parser = Parser(text)
    select = parser.select()
    parser.expect_end()
    return select


def parse_condition(text: str) -> Condition:
    """What may stand behind WHERE, alone: for SOSL filters and the org's validation rules."""
    parser = Parser(text)
    condition = parser.condition()
    parser.expect_end()
    return condition


class Parser:
    """Reads tokens from left to right; each method reads one part of the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.position = 0

    @property
    def token(self) -> Token:
        """The token to read next."""
        return self.tokens[self.position]

    def take(self) -> Token:
        """Read one token."""
        token = self.token
        self.position += 1
        return token

    def is_word(self, word: str) -> bool:
        """Whether the next token is this keyword, in any letter case."""
        return self.token.kind == "name" and self.token.value.upper() == word

    def accept(self, word: str) -> bool:
        """Read the keyword or punctuation mark if it comes next."""
        found = self.is_word(word) or (self.token.kind == "mark" and self.token.value == word)
        if found:
            self.position += 1
        return found

    def expect(self, word: str) -> Token:
        """Read the keyword or mark, which has to come next."""
        token = self.token
        if not self.accept(word):
            raise self.unexpected(f"expecting '{word}'")
        return token

    def expect_end(self) -> None:
        """Nothing may follow."""
        if self.token.kind != "end":
            raise self.unexpected()

    def unexpected(self, hint: str = "") -> SalesforceError:
        """The refusal of the next token."""
        message = f"unexpected token: '{self.token.value}'" + (f" ({hint})" if hint else "")
        return malformed(self.text, self.token.at, message)

    def select(self, *, inner: bool = False) -> Select:
        """SELECT … FROM … [WHERE …] [GROUP BY …] [ORDER BY …] [LIMIT …] [OFFSET …]."""
        self.expect("SELECT")
        fields, count = self._fields(inner)
        self.expect("FROM")
        name = self._name()
        where = self.condition() if self.accept("WHERE") else None
        group = self._group() if not inner and self.accept("GROUP") else ()
        order = self._order() if self.accept("ORDER") else ()
        limit = self.whole() if self.accept("LIMIT") else None
        offset = self.whole() if self.accept("OFFSET") else 0
        select = Select(
            fields, str(name), name.at, count, where, order, limit, offset, self.text, group
        )
        return self._checked(select, inner)

    def _checked(self, select: Select, inner: bool) -> Select:
        """The query, if functions and aliases stand only where they may."""
        for part in [*select.fields, *(term.path for term in select.order)]:
            if isinstance(part, Aggregate) and inner:
                message = "only root queries support aggregate expressions"
            elif isinstance(part, Aggregate) and not select.aggregates:
                message = "only aggregate queries order by a function"
            elif isinstance(part, Path) and part.alias and not select.aggregates:
                message = "only aggregate expressions use field aliasing"
            else:
                continue
            raise malformed(self.text, part.at, message)
        return select

    def returning(self) -> Select:
        """SOSL: `Lead`, or `Lead(Id, Phone WHERE … ORDER BY … LIMIT n)`."""
        name = self._name()
        if not self.accept("("):
            return Select((Path(("Id",), name.at),), str(name), name.at, source=self.text)
        fields, _ = self._fields(inner=True)
        where = self.condition() if self.accept("WHERE") else None
        order = self._order() if self.accept("ORDER") else ()
        limit = self.whole() if self.accept("LIMIT") else None
        self.expect(")")
        select = Select(fields, str(name), name.at, False, where, order, limit, 0, self.text)
        return self._checked(select, inner=True)

    def _fields(self, inner: bool) -> tuple[tuple[Path | Aggregate | Select, ...], bool]:
        ahead = [token.value for token in self.tokens[self.position : self.position + 3]]
        if self.is_word("COUNT") and ahead[1:] == ["(", ")"]:
            self.position += 3
            return (), True
        fields: list[Path | Aggregate | Select] = []
        while True:
            if not inner and self.accept("("):
                fields.append(self.select(inner=True))
                self.expect(")")
            else:
                fields.append(replace(self._column(), alias=self._alias()))
            if not self.accept(","):
                return tuple(fields), False

    def _column(self) -> Path | Aggregate:
        """A field or a function of one."""
        path = self._name()
        function = str(path).upper()
        if function not in _FUNCTIONS or not self.accept("("):
            return path
        inside = self._name()
        self.expect(")")
        return Aggregate(function, inside, path.at)

    def _alias(self) -> str:
        """A name before a comma or FROM; any other is left to be refused where it stands."""
        if self.token.kind != "name" or self.token.value.upper() in _WORDS:
            return ""
        behind = self.tokens[self.position + 1]
        is_alias = behind.value == "," or str(behind.value).upper() == "FROM"
        return str(self.take().value) if is_alias else ""

    def _group(self) -> tuple[Path, ...]:
        self.expect("BY")
        paths = [self._name()]
        while self.accept(","):
            paths.append(self._name())
        return tuple(paths)

    def _name(self) -> Path:
        token = self.token
        if token.kind != "name" or token.value.upper() in _WORDS:
            raise self.unexpected()
        self.take()
        return Path(tuple(token.value.split(".")), token.at)

    def condition(self) -> Condition:
        """Simple conditions joined by AND only, or by OR only."""
        starts_with_not = self.is_word("NOT")
        first = self._simple()
        word = next((w for w in ("AND", "OR") if self.is_word(w)), None)
        if word is None:
            return first
        if starts_with_not:
            raise self.unexpected("put NOT and its condition in parentheses")
        parts = [first]
        while self.accept(word):
            if self.is_word("NOT"):
                raise self.unexpected("put NOT and its condition in parentheses")
            parts.append(self._simple())
        return Junction(word, tuple(parts))

    def _simple(self) -> Condition:
        if self.accept("NOT"):
            return Not(self._simple())
        if self.accept("("):
            inside = self.condition()
            self.expect(")")
            return inside
        path = self._name()
        negated = self.accept("NOT")
        if self.accept("IN"):
            return self._in(path, negated)
        if negated:
            raise self.unexpected("expecting 'IN'")
        if self.accept("LIKE"):
            literal = self._literal(pattern=True)
            if literal.kind != "string":
                raise malformed(self.text, literal.at, "LIKE needs a string")
            return Compare(path, "LIKE", literal)
        if self.token.kind != "op":
            raise self.unexpected()
        op = self.take().value
        return Compare(path, "!=" if op == "<>" else op, self._literal())

    def _in(self, path: Path, negated: bool) -> Condition:
        self.expect("(")
        if self.is_word("SELECT"):
            select = self.select(inner=True)
            self.expect(")")
            return InSelect(path, negated, select)
        values = [self._literal()]
        while self.accept(","):
            values.append(self._literal())
        self.expect(")")
        return InList(path, negated, tuple(values))

    def _literal(self, *, pattern: bool = False) -> Literal:
        token = self.token
        if token.kind == "string":
            if token.wild and not pattern:
                raise malformed(self.text, token.at, "\\% and \\_ stand in LIKE only")
            self.take()
            return Literal("string", token.value, token.at, token.like)
        if token.kind in {"number", "date", "datetime"}:
            self.take()
            return Literal(token.kind, token.value, token.at)
        if token.kind in {"name", "period"} and is_period(token.value):
            self.take()
            return Literal("period", token.value, token.at)
        words = {"NULL": ("null", None), "TRUE": ("boolean", True), "FALSE": ("boolean", False)}
        if token.kind == "name" and token.value.upper() in words:
            self.take()
            kind, value = words[token.value.upper()]
            return Literal(kind, value, token.at)
        raise self.unexpected()

    def _order(self) -> tuple[Order, ...]:
        self.expect("BY")
        terms = []
        while True:
            path = self._column()
            descending = self.accept("DESC") or (self.accept("ASC") and False)
            nulls_last = False
            if self.accept("NULLS"):
                nulls_last = self.accept("LAST")
                if not nulls_last:
                    self.expect("FIRST")
            terms.append(Order(path, descending, nulls_last))
            if not self.accept(","):
                return tuple(terms)

    def whole(self) -> int:
        """A whole number, as behind LIMIT."""
        token = self.token
        if token.kind != "number" or not token.value.isdigit():
            raise self.unexpected("expecting a whole number")
        self.take()
        return int(token.value)
