"""The package's files: what tests read of them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from core import ROOT
from tests.package.helpers.metadata import NAMESPACE

PACKAGE = ROOT / "salesforce-package"
SOURCE = PACKAGE / "force-app" / "main" / "default"
FILES = sorted(SOURCE.rglob("*.xml"))


def read(path: Path) -> Element:
    return ElementTree.parse(path).getroot()


def text(element: Element, name: str) -> str:
    """The value of an element's part, which is there."""
    found = element.findtext(NAMESPACE + name)
    assert found, f"{element.tag} has no {name}"
    return found


def texts(element: Element, name: str) -> list[str]:
    """The values of all elements of this name, however deep."""
    return [found.text or "" for found in element.iter(NAMESPACE + name)]
