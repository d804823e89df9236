"""Salesforce's names stand in `core/objects.py` only: read from the syntax trees of our code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import ROOT, objects

HERE = Path(objects.__file__)
NAMES = {
    value for name, value in vars(objects).items() if name.isupper() and isinstance(value, str)
}
PREFIXES = set(objects._BY_PREFIX)
ANY = "|".join(sorted(NAMES))
FORBIDDEN = re.compile(
    rf"({ANY}|{'|'.join(sorted(PREFIXES))})(\.\w*)?|.*\bFROM ({ANY})\b.*", re.DOTALL
)
FOR_PEOPLE = {"_", "gettext", "lazy_gettext", "ngettext"}


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Line and value of each string; no docstrings, no `__all__`, no sentences for people."""
    tree = ast.parse(source)
    beside = set[ast.AST]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) or (isinstance(node, ast.Assign) and _lists_all(node)):
            beside.update(ast.walk(node.value) if isinstance(node, ast.Assign) else [node.value])
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FOR_PEOPLE:
            beside.update(node.args)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in beside:
            yield node.lineno, node.value


def _lists_all(node: ast.Assign) -> bool:
    return any(getattr(target, "id", "") == "__all__" for target in node.targets)


def strays(source: str) -> list[str]:
    return [f"{line}: {text}" for line, text in literals(source) if FORBIDDEN.fullmatch(text)]


@pytest.mark.parametrize("package", ["core", "worker", "portal"])
def test_salesforces_names_stand_in_one_file(package: str) -> None:
    files = [path for path in (ROOT / package).rglob("*.py") if path != HERE]
    assert files
    found = {str(path.relative_to(ROOT)): strays(path.read_text()) for path in files}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "code",
    [
        'step.object == "Lead"',
        'record_id.startswith("00Q")',
        'writes("Task.CallObject")',
        'f"Opportunity.{name}"',
        '"SELECT Id FROM User LIMIT 1"',
        'fields["UniTalk_Key__c"]',
    ],
)
def test_a_name_that_stands_elsewhere_is_found(code: str) -> None:
    assert strays(f"found = {code}\n")


def test_words_for_people_and_for_readers_of_code_are_not_meant() -> None:
    assert strays('"""Lead"""\n__all__ = ["Account"]\nname = _("Lead")\n') == []


def test_an_id_tells_its_object() -> None:
    assert objects.object_of("00Q5e00000A1B2CEAV") == objects.LEAD
    assert objects.object_of("") == objects.object_of("a015e00000A1B2C") == ""
