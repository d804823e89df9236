"""SOSL parser: `FIND {…} IN PHONE FIELDS RETURNING Lead(Id WHERE …), Contact(…) LIMIT n`."""

import re
from dataclasses import dataclass

from sandbox.errors import SalesforceError
from sandbox.soql import Parser
from sandbox.soql_ast import Path, Select

GROUPS = {"ALL", "NAME", "EMAIL", "PHONE", "SIDEBAR"}
MAX_ROWS = 2000
_RESERVED = "?&|!{}[]()^~*:\\\"'+-"
_PIECE = re.compile(r'\\.|"[^"]*"|[()]|\s+|[^\s()"\\]', re.DOTALL)


@dataclass(frozen=True)
class Term:
    """One word or phrase; `star` when it ends in the wildcard `*`."""

    text: str
    star: bool = False


@dataclass(frozen=True)
class Find:
    """A search: any of `alternatives`, each a list of terms that all have to match.

    Without `returning` it is for the ids in every searchable object.
    """

    alternatives: tuple[tuple[Term, ...], ...]
    group: str
    returning: tuple[Select, ...]
    limit: int


def malformed_search(message: str) -> SalesforceError:
    """The refusal of a search."""
    return SalesforceError("MALFORMED_SEARCH", message)


def parse_find(text: str) -> Find:
    """The search. Raises MALFORMED_SEARCH."""
    match = re.match(r"\s*FIND\s*\{((?:\\.|[^\\{}])*)\}(.*)\Z", text, re.DOTALL | re.IGNORECASE)
    if match is None:
        raise malformed_search("expecting FIND {search query}")
    try:
        return _parse_rest(parse_terms(match.group(1)), match.group(2))
    except SalesforceError as error:
        raise malformed_search(error.message) from error


def _parse_rest(alternatives: tuple[tuple[Term, ...], ...], rest: str) -> Find:
    parser = Parser(rest)
    group = "ALL"
    if parser.accept("IN"):
        group = parser.take().value.upper()
        parser.expect("FIELDS")
    if group not in GROUPS:
        raise malformed_search(f"unknown search group: {group}")
    returning = [parser.returning()] if parser.accept("RETURNING") else []
    while returning and parser.accept(","):
        returning.append(parser.returning())
    limit = parser.whole() if parser.accept("LIMIT") else MAX_ROWS
    parser.expect_end()
    return Find(alternatives, group, tuple(returning), min(limit, MAX_ROWS))


def plain_returning(name: str, fields: list[str], where: str | None, limit: int | None) -> Select:
    """RETURNING of a parameterized search, put together from its parts."""
    text = f"{name}({','.join(fields)}"
    text += f" WHERE {where}" if where else ""
    text += f" LIMIT {limit}" if limit is not None else ""
    parser = Parser(text + ")")
    select = parser.returning()
    parser.expect_end()
    return select


def parse_terms(text: str) -> tuple[tuple[Term, ...], ...]:
    """Words joined by OR and AND (AND where nothing is said), without parentheses."""
    alternatives: list[list[Term]] = [[]]
    for word, quoted in _words(text):
        if not quoted and word.upper() == "OR":
            alternatives.append([])
        elif quoted or word.upper() != "AND":
            alternatives[-1].append(_term(word, quoted))
    if not all(alternatives):
        raise malformed_search("search query is not complete")
    if min(len(term.text) for group in alternatives for term in group) < 2:
        raise malformed_search("search term must be longer than one character")
    return tuple(tuple(group) for group in alternatives)


def _words(text: str) -> list[tuple[str, bool]]:
    """(word, whether it was quoted); escapes stay for `_term`."""
    words: list[tuple[str, bool]] = []
    current = ""
    for piece in _PIECE.findall(text):
        if piece.isspace() or piece[0] == '"':
            words += [(current, False)] if current else []
            current = ""
            words += [(piece[1:-1], True)] if piece[0] == '"' else []
        elif piece in "()":
            raise malformed_search("groups of terms are not supported by the stand-in")
        else:
            current += piece
    return words + ([(current, False)] if current else [])


def _term(word: str, quoted: bool) -> Term:
    star = word.endswith("*") and not word.endswith("\\*")
    bare = word[:-1] if star else word
    if not quoted and re.search(r"(?<!\\)[?*]", bare):
        raise malformed_search("wildcards stand at the end of a term only")
    unescaped = re.sub(r"\\(.)", r"\1", bare)
    for match in re.finditer(r"\\(.)|(.)", bare, re.DOTALL):
        if match.group(2) and match.group(2) in _RESERVED and not quoted:
            raise malformed_search(f"reserved character has to be escaped: {match.group(2)}")
    return Term(unescaped, star)


__all__ = ["Find", "Path", "Term", "parse_find", "parse_terms", "plain_returning"]
