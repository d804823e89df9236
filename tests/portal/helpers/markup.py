"""Taste that every page must show: valid HTML, unique ids, labels, a title, a language."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree.ElementTree import Element

import html5lib

NAMELESS = {"hidden", "submit", "button", "image"}


def parse(text: str, *, fragment: bool) -> Element:
    """The tree of a page, or of a part of one. Raises on the first mistake in the HTML."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    if not fragment:
        page: Element = parser.parse(text)
        return page
    tree = Element("fragment")
    tree.append(parser.parseFragment(text, container="main"))
    return tree


def without_token(page: str) -> str:
    """The page without its mark, which holds the second it was made in."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


CHOSEN = {*NAMELESS, "checkbox", "radio", "file"}
ROLES = {
    "email": {"username", "off"},
    "username": {"username"},
    "password": {"current-password", "new-password"},
    "present": {"current-password"},
    "code": {"one-time-code"},
    "client_secret": {"new-password"},
    None: {"username", "off"},
}
"""By its name, what a browser may fill into an input; into all others nothing."""


def check_autocomplete(tree: Element) -> None:
    """No browser is invited to fill one secret into another's field."""
    for field in (*tree.iter("input"), *tree.iter("textarea")):
        if field.get("type") in CHOSEN:
            continue
        told = field.get("autocomplete", "")
        assert told in ROLES.get(field.get("name"), {"off"}), f"fills in: {field.attrib}"
        assert field.get("type") != "password" or told.endswith("-password"), field.attrib


def check_page(tree: Element, *, fragment: bool) -> None:
    ids = Counter(one.get("id") for one in tree.iter() if one.get("id"))
    assert [name for name, times in ids.items() if times > 1] == []
    labelled = {one.get("for") for one in tree.iter("label")}
    inside = {id(field) for label in tree.iter("label") for field in label.iter()}
    for kind in ("input", "select", "textarea"):
        for field in tree.iter(kind):
            named = field.get("aria-label") or field.get("aria-labelledby")
            is_labelled = field.get("id") in labelled or id(field) in inside
            assert named or is_labelled or field.get("type") in NAMELESS, (
                f"no label: {field.attrib}"
            )
    for button in (*tree.iter("button"), *tree.iter("a"), *tree.iter("summary")):
        named = button.get("aria-label") or button.get("aria-labelledby")
        assert named or "".join(button.itertext()).strip(), f"nothing to read out: {button.attrib}"
    check_autocomplete(tree)
    for reference in ("aria-describedby", "aria-labelledby", "aria-controls"):
        for one in tree.iter():
            for name in (one.get(reference) or "").split():
                assert fragment or name in ids, f"{reference} points at no element: {name}"
    for one in tree.iter():
        inline = [name for name in one.attrib if name == "style" or name.startswith("on")]
        assert not inline, f"refused by the Content-Security-Policy: {one.tag} {inline}"
    for form in tree.iter("form"):
        sent = {field.get("name") for field in form.iter("input")}
        assert form.get("method") != "post" or "csrf_token" in sent, form.attrib
    if not fragment:
        title = tree.find("./head/title")
        assert title is not None and (title.text or "").strip()
        assert tree.get("lang")
        assert len(list(tree.iter("h1"))) == 1
