"""docs/rules.md tells every reason, and no reason that there is none of."""

import re

import pytest

from core import ROOT
from core.own_fields import VARIABLES
from core.reasons import DECLARED

DOCS = ROOT / "docs"
TEXT = (DOCS / "rules.md").read_text()


@pytest.mark.parametrize("code", sorted(DECLARED))
def test_every_reason_is_told(code):
    assert f"`{code}`" in TEXT


def test_no_reason_is_told_that_there_is_none_of():
    families = {code.partition(".")[0] for code in DECLARED}
    told = set(re.findall(rf"`((?:{'|'.join(families)})\.[a-z_]+)`", TEXT))
    assert told <= DECLARED.keys()


def test_the_decision_it_points_to_is_there():
    for path in re.findall(r"\]\((decisions/[^)]+)\)", TEXT):
        assert (DOCS / path).is_file()


def test_variables_are_named_once():
    assert len(set(VARIABLES)) == len(VARIABLES)
