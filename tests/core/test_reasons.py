"""A reason is declared once and used somewhere; what is half declared does not pass the checks."""

import ast
import subprocess
import sys
from datetime import date, datetime

import pytest

from core import ROOT, reasons
from core.reasons import DECLARED, Reason, Words, as_columns, stored
from core.reasons.declare import reason

SOURCES = [
    ast.parse(path.read_text())
    for part in ("core", "worker", "portal", "dev")
    for path in (ROOT / part).rglob("*.py")
    if ROOT / "core" / "reasons" not in path.parents
]

BROKEN = """\
from core import reasons
from core.reasons import Cause, Reason, Words

reasons.write.lead_found(name="Olena")
reasons.write.lead_lost(name="Olena")
reasons.write.lead_found()
reasons.write.lead_found(name="Olena", line="2000")
reasons.write.lead_found(name=2000)
reasons.task.open(due="2026-07-09")
known: Cause = reasons.connection.limit
wrong: Cause = reasons.connection.another_org
"""
"""The fifth line is the first broken one; the last but one is sound."""


def uses() -> set[str]:
    """Codes of `reasons.<family>.<name>`, wherever it stands."""
    return {
        f"{node.value.attr}.{node.attr}"
        for source in SOURCES
        for node in ast.walk(source)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and isinstance(node.value.value, ast.Name)
        and node.value.value.id == "reasons"
    }


def test_every_declared_reason_is_used_and_no_other():
    assert uses() == DECLARED.keys()


def test_nobody_else_makes_a_reason():
    made = [
        ast.unparse(node)
        for source in SOURCES
        for node in ast.walk(source)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Reason"
    ]
    assert made == []


def test_types_tell_an_undeclared_reason_and_every_wrong_parameter(tmp_path):
    snippet = tmp_path / "broken.py"
    snippet.write_text(BROKEN)
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", tmp_path]
    checked = subprocess.run(
        [*mypy, snippet], env={"MYPYPATH": str(ROOT)}, capture_output=True, text=True
    )
    errors = [line for line in checked.stdout.splitlines() if ": error: " in line]
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert [int(line.split(":")[1]) for line in errors] == [5, 6, 7, 8, 9, 11], errors


@pytest.mark.parametrize(
    ("sentence", "plural"),
    [
        ("No name.", ""),
        ("“{name}”, {line}.", ""),
        ("“{called}”.", ""),
        ("“{name}”.", "“{name}”, {count} times."),
        ("“{name}”.", "“{name}” again and again."),
    ],
)
def test_a_sentence_says_its_parameters_and_no_others(sentence, plural):
    def lead_found(name: str) -> None: ...

    with pytest.raises(TypeError, match="lead_found"):
        reason(sentence, plural)(lead_found)


def test_salesforces_own_words_may_be_said_and_are_always_kept():
    def refused(said: Words) -> None: ...

    with pytest.raises(TypeError, match="refused"):
        reason("{message} ({status})")(refused)
    made = reasons.connection.limit(Words("REQUEST_LIMIT_EXCEEDED", "Enough"))
    assert made.params == {"code": "REQUEST_LIMIT_EXCEEDED", "message": "Enough", "fields": ""}


def test_a_reason_is_kept_as_texts_and_read_back():
    for made in (
        reasons.opportunity.close_date(date=date(2026, 7, 9)),
        reasons.task.open(due=datetime(2026, 7, 9, 16, 5)),
        reasons.skip.off(),
    ):
        kept = as_columns(made)
        assert all(isinstance(value, str) for value in kept["reason_params"].values())
        assert stored(kept["reason_code"], kept["reason_params"]) == made
    assert as_columns(None) == {"reason_code": "", "reason_params": {}}


def test_other_words_for_what_is_named():
    named = reasons.own.empty(field="Lead.Source__c").naming(field="Source")
    assert named == Reason("own.empty", {"field": "Source"})
