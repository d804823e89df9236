"""The classes that Bootstrap styles, as it comes and as pages get it."""

from __future__ import annotations

import re
from functools import cache
from xml.etree.ElementTree import Element

from core import ROOT
from dev.frontend import CUT, FULL


@cache
def styled(sheet: str) -> frozenset[str]:
    """The names that stand behind a dot in a sheet of the product's folder."""
    return frozenset(re.findall(r"(?<=\.)[A-Za-z_][\w-]*", (ROOT / sheet).read_text()))


def check_styles(tree: Element) -> None:
    """What was cut from Bootstrap is nothing that the page uses."""
    used = {name for one in tree.iter() for name in (one.get("class") or "").split()}
    lost = (used & styled(FULL)) - styled(CUT)
    assert not lost, f"cut from Bootstrap, though a page uses it: {sorted(lost)}"
