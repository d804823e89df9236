"""The tables of the settings page: what is in them, and a form of one as HTMX sends it."""

from werkzeug.test import TestResponse

from core.policy import Policy
from core.store import Store
from tests.portal.helpers.client import Visitor


def policy(store: Store) -> Policy:
    return store.policies.get("acme")


def lines(store: Store) -> dict[str, str]:
    return {row.line: row.user_id for row in policy(store).lines}


def turns(store: Store) -> dict[str, tuple[str, ...]]:
    return {row.external_line: row.user_ids for row in policy(store).missed_calls}


def send(owner: Visitor, path: str, status: int = 200, **form: str) -> TestResponse:
    answer = owner.post(f"/salesforce/{path}", htmx=True, **form)
    assert answer.status_code == status, answer.text
    return answer
