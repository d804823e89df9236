"""Bootstrap, cut to what pages use.

    python -m dev.stylesheet FOLDER

A class is used when its name stands as a word in one of the sources (dev/frontend.py), wherever
it stands. So none is put together (`btn-{{ look }}`): tests/portal/web/test_bootstrap.py.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Set
from itertools import groupby, pairwise
from pathlib import Path

import tinycss2
from tinycss2.ast import AtRule, Comment, Declaration, IdentToken, LiteralToken, Node, QualifiedRule

from dev.frontend import CUT, FULL, sources

WORD = re.compile(r"[\w-]+")
ASKED_FOR = re.compile(r"(?:\bvar\(|\banimation(?:-name)?:)[^);}]+")
GROUPS = {"media", "supports", "layer", "container"}


def cut(sheet: str, words: Set[str]) -> str:
    """The sheet without the selectors of classes that are not among `words`, and without custom
    properties and keyframes that neither `words` nor what is left of the sheet asks for.

    Licences (`/*! … */`), elements, states and attributes stay, and so does the order.
    """
    used = words | {f".{word}" for word in words}
    while True:
        asked = set(WORD.findall(" ".join(ASKED_FOR.findall(sheet))))
        rules = tinycss2.parse_stylesheet(sheet, skip_whitespace=True)
        shorter = "".join(_kept(rules, used | asked))
        if shorter == sheet:
            return sheet
        sheet = shorter  # a property that only another asked for goes in the next round


def _kept(rules: Iterable[Node], names: Set[str]) -> Iterator[str]:
    for rule in rules:
        if isinstance(rule, Comment):
            yield rule.serialize() if rule.value.startswith("!") else ""
        elif isinstance(rule, QualifiedRule):
            yield _rule(_selectors(rule.prelude, names), _declarations(rule.content, names))
        elif isinstance(rule, AtRule) and rule.lower_at_keyword in GROUPS and rule.content:
            inside = tinycss2.parse_rule_list(rule.content, skip_whitespace=True)
            head = f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}"
            yield _rule(head, "".join(_kept(inside, names)))
        elif isinstance(rule, AtRule) and rule.lower_at_keyword == "keyframes":
            name = tinycss2.serialize(rule.prelude).strip()
            yield rule.serialize() if name in names else ""
        else:
            yield rule.serialize()


def _selectors(prelude: Iterable[Node], names: Set[str]) -> str:
    parts = groupby(prelude, lambda node: isinstance(node, LiteralToken) and node.value == ",")
    selectors = (list(nodes) for is_comma, nodes in parts if not is_comma)
    return ",".join(tinycss2.serialize(one) for one in selectors if _classes(one) <= names)


def _classes(selector: Iterable[Node]) -> set[str]:
    """`.name` of those that an element must have, not of those within `:not(…)`."""
    return {
        f".{name.value}"
        for dot, name in pairwise(selector)
        if isinstance(dot, LiteralToken) and dot.value == "." and isinstance(name, IdentToken)
    }


def _declarations(block: Iterable[Node], names: Set[str]) -> str:
    found = tinycss2.parse_blocks_contents(block, skip_comments=True, skip_whitespace=True)
    return ";".join(
        one.serialize()
        for one in found
        if not isinstance(one, Declaration) or not one.name.startswith("--") or one.name in names
    )


def _rule(head: str, body: str) -> str:
    return f"{head}{{{body}}}" if head and body else ""


def main() -> None:
    root = Path(sys.argv[1])
    words = {word for source in sources(root) for word in WORD.findall(source.read_text())}
    new = (root / CUT).with_suffix(".new")
    new.write_text(cut((root / FULL).read_text(), words))
    new.replace(root / CUT)  # in one step: a portal may be serving the old one


if __name__ == "__main__":
    main()
