"""Strings nobody should send in any form: none breaks, no page runs them."""

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.portal.helpers.client import Visitor
from tests.portal.helpers.naughty import LENIENT, MARK, TEXT

FORMS = [
    ("owner", "/people/invite", ("email", "name", "role")),
    ("owner", "/people/remove", ("email",)),
    ("owner", "/people/role", ("email", "role")),
    ("owner", "/keys/end", ("key",)),
    ("owner", "/me/password", ("present", "password")),
    ("owner", "/me/sessions/end", ("session",)),
    ("owner", "/me/second-factor", ("code",)),
    ("support", "/support/acme/visit", ("person", "reason")),
    ("nobody", "/sign-in", ("email", "password", "next")),
    ("nobody", "/sign-in/code", ("code",)),
    ("nobody", "/forgotten", ("email",)),
    ("nobody", "/language", ("language",)),
]


@pytest.mark.parametrize(("visitor", "path", "fields"), FORMS, ids=[path for _, path, _ in FORMS])
def test_no_form_breaks(
    request: pytest.FixtureRequest, unlimited: Flask, visitor: str, path: str, fields: tuple[str]
):
    sender = request.getfixturevalue(visitor)

    @LENIENT
    @given(st.fixed_dictionaries(dict.fromkeys(fields, TEXT)))
    def send(form: dict[str, str]) -> None:
        answer = sender.client.post(sender.at(path), data=form)
        assert answer.status_code < 500
        assert MARK not in answer.text

    send()


HUGE = "9" * 30
NAMES = """
    value user user_id line external_line name text number numbers object field template when seen
    enabled environment my_domain client_id client_secret ceiling state q from to page cursor
    direction kind door duration answered date mode
"""
FIELDS = NAMES.split()


def test_no_setting_and_no_call_breaks(owner: Visitor, unlimited: Flask):
    """Every route of the settings, the journal and the preview, whatever stands in its form."""
    naughty = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, TEXT))
    for rule in unlimited.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] not in ("salesforce", "calls", "preview", "demo"):
            continue
        (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        ids = {name: HUGE if "_id" in name else "a'\"<b>%00" for name in rule.arguments}
        ids["account"] = owner.account.removeprefix("/a/")
        path = unlimited.url_map.bind("localhost").build(rule.endpoint, ids, method)
        given_to(owner, method, path, naughty)


def given_to(visitor: Visitor, method: str, path: str, naughty: st.SearchStrategy) -> None:
    @settings(LENIENT, max_examples=8)
    @given(naughty)
    def send(form: dict[str, str]) -> None:
        asked = {name: value[:2000] for name, value in form.items()}
        sent = {"query_string": asked} if method == "GET" else {"data": form}
        answer = visitor.client.open(path, method=method, **sent)
        assert answer.status_code < 500, path
        assert MARK not in answer.text

    send()
