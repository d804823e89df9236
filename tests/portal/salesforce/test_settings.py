"""Each setting is declared once, and nothing that a customer can choose lacks a declaration."""

from enum import StrEnum

import pytest

from core.policy import Policy
from core.store.ceilings import API_CEILING
from portal.salesforce.blocks import BLOCKS, SETTINGS
from portal.web.named import name_of

NAMES = [one.name for one in SETTINGS]


def test_every_field_of_the_policy_is_one_setting_and_every_setting_is_one():
    assert sorted(NAMES) == sorted([*Policy.model_fields, API_CEILING])


@pytest.mark.parametrize("setting", SETTINGS, ids=NAMES)
def test_every_option_of_a_choice_has_its_words(setting):
    field = Policy.model_fields.get(setting.name)
    if field and isinstance(field.annotation, type) and issubclass(field.annotation, StrEnum):
        assert set(setting.details["options"]) == set(field.annotation)


def test_the_access_log_knows_what_each_route_of_a_block_is_about(app):
    """Controls are known by their address."""
    blocks = [one.name for one in BLOCKS if one.settings]
    routes = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        for block in blocks
        if f"/salesforce/{block}" in rule.rule
    }
    controls = {f"salesforce.{block}_{end}" for block in blocks for end in ("set", "news")}
    assert controls < routes
    with app.test_request_context():
        labels = {one.label for one in SETTINGS}
        nameless = {one for one in routes - controls if name_of(one).about not in labels}
    assert nameless == {"salesforce.offer_time_zones"}
