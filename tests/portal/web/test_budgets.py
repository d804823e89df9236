"""The client of these tests refuses a page that asks the database too often."""

import pytest
from sqlalchemy import text

from tests.portal.helpers.budgets import OTHERS, SETTINGS, VISIT, check_budget, counted

PAGES = [
    ("/a/any/salesforce", "", SETTINGS),
    ("/a/any/salesforce/history", "", OTHERS),
    ("/a/any/calls", "", OTHERS),
    ("/no/such/page", "", OTHERS),
    ("/a/any/calls", "visit-banner", OTHERS + VISIT),
]


@pytest.mark.parametrize(("path", "page", "budget"), PAGES)
def test_one_statement_too_many_fails(app, path, page, budget):
    check_budget(app, path, page, ["SELECT 1"] * budget)
    with pytest.raises(AssertionError, match=f"costs {budget + 1} statements of {budget}"):
        check_budget(app, path, page, ["SELECT 1"] * (budget + 1))


def test_statements_of_every_connection_are_counted(store):
    with counted(store.database.engine) as statements:
        for _ in range(2):
            with store.database.read() as session:
                session.execute(text("SELECT 1"))
    assert len(statements) == 2
