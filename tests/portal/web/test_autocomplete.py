"""What browsers and password managers may fill in. Every page that a test fetches is checked by
`helpers/markup.py`; here are the templates, and the pages with secrets."""

import re

import pytest

from core import ROOT
from tests.portal.helpers.markup import CHOSEN, ROLES, check_autocomplete, parse

INPUT = re.compile(r"<(?:input|textarea)\b(?:\{\{.*?\}\}|\{%.*?%\}|[^>])*>", re.DOTALL)
TEMPLATES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for folder in ("templates", "sandbox/templates")
    for path in (ROOT / folder).rglob("*.html")
}
INPUTS = [(name, tag) for name, text in TEMPLATES.items() for tag in INPUT.findall(text)]


def value(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return found[1] if found else ""


@pytest.mark.parametrize(("template", "tag"), INPUTS)
def test_every_input_says_what_may_be_filled_in(template, tag):
    if value(tag, "type") in CHOSEN:
        return
    told = value(tag, "autocomplete")
    if value(tag, "name").startswith("{{"):  # a macro's: the pages that use it are checked
        assert told
        return
    assert told in ROLES.get(value(tag, "name") or None, {"off"}), template


def roles(page: str) -> dict[str, str]:
    """By name, what may be filled into each input that takes words."""
    tree = parse(page, fragment=False)
    fields = [one for one in tree.iter("input") if one.get("type") not in CHOSEN]
    return {one.get("name", ""): one.get("autocomplete", "") for one in fields}


def test_the_secret_of_an_own_app_is_nobodys_password(owner):
    told = roles(owner.get("/salesforce").text)
    assert told == told | {"client_secret": "new-password", "client_id": "off", "my_domain": "off"}
    assert "email" not in told
    assert "current-password" not in told.values()


def test_signing_in_and_the_own_page_are_filled_in(owner, visit):
    assert roles(visit().get("/sign-in").text) == {
        "email": "username",
        "password": "current-password",
    }
    assert roles(visit().get("/forgotten").text) == {"email": "username"}
    own = {"username": "username", "present": "current-password", "password": "new-password"}
    assert roles(owner.get("/me").text) == own
    told = roles(owner.get("/me/second-factor").text)
    assert told == {"code": "one-time-code", "username": "username", "present": "current-password"}


@pytest.mark.parametrize(
    "field",
    [
        '<input name="client_secret" type="password" autocomplete="off">',
        '<input name="client_secret" type="password" autocomplete="current-password">',
        '<input name="client_id">',
        '<input name="q" type="search" autocomplete="username">',
        '<input name="token" type="password" autocomplete="off">',
        '<input name="code" autocomplete="off">',
        '<textarea name="text"></textarea>',
    ],
)
def test_an_invitation_to_fill_in_what_is_not_meant_is_found(field):
    with pytest.raises(AssertionError, match=r"autocomplete|fills in"):
        check_autocomplete(parse(f"<form>{field}</form>", fragment=True))
