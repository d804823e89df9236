"""Refusals are sentences of a page, so these tests speak as one."""

import pytest
from flask_babel import force_locale


@pytest.fixture(autouse=True)
def words(app):
    with app.test_request_context(), force_locale("en"):
        yield
