"""Bootstrap, cut to what pages use; helpers/styles.py checks each page that any test fetches."""

import re

import pytest

from core import ROOT
from dev import frontend
from tests.portal.helpers.markup import parse
from tests.portal.helpers.styles import check_styles, styled

MOST = 60_000
"""Bytes, unpacked; all of Bootstrap has 232,000."""
CLASSES = re.compile(r'\bclass="([^"]*)"')
PUT_TOGETHER = re.compile(r"([a-z][\w-]*-)(?:\{\{|\{%|'\s*~)")
"""The literal beginning of a name whose end an expression gives."""


def test_pages_get_the_small_one_with_its_licence():
    sheet = (ROOT / frontend.CUT).read_text()
    assert len(sheet.encode()) < MOST
    assert "Licensed under MIT" in sheet
    for page in (ROOT / "templates").rglob("*.html"):
        assert "bootstrap.min.css" not in page.read_text()


def test_a_class_that_was_lost_is_noticed():
    lost = min(styled(frontend.FULL) - styled(frontend.CUT))
    with pytest.raises(AssertionError, match=lost):
        check_styles(parse(f'<p class="btn {lost}">…</p>', fragment=True))


def test_no_name_of_its_classes_is_put_together():
    """The cutter looks for whole names."""
    templates = (page.read_text() for page in (ROOT / "templates").rglob("*.html"))
    classes = " ".join(one for text in templates for one in CLASSES.findall(text))
    begun = set(PUT_TOGETHER.findall(classes))
    assert "pill-" in begun  # one of our own: the search finds
    risky = {one for one in begun for name in styled(frontend.FULL) if name.startswith(one)}
    assert not risky
