"""Our addresses, shown to admins who admit known ones only."""

import pytest

from core.reasons import stored
from tests.portal.helpers.orgs import connect


@pytest.fixture
def config(config, request):
    given = getattr(request, "param", "203.0.113.7, 198.51.100.0/24")
    return config.model_copy(update={"outgoing_addresses": given})


def shown(page):
    return [one for one in ("203.0.113.7", "198.51.100.0/24") if f"{one}</code>" in page]


def test_they_stand_on_the_card_in_every_state(owner, store):
    assert len(shown(owner.get("/salesforce").text)) == 2
    connect(store)
    assert len(shown(owner.get("/salesforce").text)) == 2
    store.connections.died("acme", stored("connection.ip_restricted", {}))
    alert = owner.get("/salesforce").text.partition('role="alert"')[2].partition("</div>")[0]
    assert len(shown(alert)) == 2, "right where Salesforce's refusal is told"


@pytest.mark.parametrize("config", [""], indirect=True)
def test_where_none_are_known_nothing_is_said(owner, store):
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "en")
    assert "Our requests come from" not in owner.get("/salesforce").text
