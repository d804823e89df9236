"""Own fields: rows added, changed and removed in place, each with an example."""

import pytest

from core.facts import FieldInfo
from core.policy import When
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.orgs import fields, see, shape
from tests.portal.helpers.tables import policy, send

pytestmark = pytest.mark.usefixtures("switched_on")


def test_an_own_field_is_added_changed_and_removed(owner, store):
    form = {"object": "Lead", "field": "Источник (Source__c)", "template": "{external_line}"}
    answer = send(owner, "own_fields/add", **form)
    send(owner, "own_fields/add", **form)
    assert "380444900123" in answer.text
    (own,) = policy(store).own_fields
    assert (own.name, own.when) == ("Lead.Source__c", When.CREATE)
    send(owner, "own_fields/Lead/Source__c", template="{direction}", when="every_call")
    (own,) = policy(store).own_fields
    assert (own.template, own.when) == ("{direction}", When.EVERY_CALL)
    send(owner, "own_fields/Lead/Source__c/remove")
    assert policy(store).own_fields == ()


@pytest.mark.parametrize("typed", ["источник", "Источник\u00a0(source__c)", "SOURCE__C\u200b"])
def test_a_field_is_found_by_what_looks_like_its_name(owner, store, typed):
    send(owner, "own_fields/add", object="Lead", field=typed, template="{line}")
    assert [own.field for own in policy(store).own_fields] == ["Source__c"]


def test_a_list_takes_a_template_over_the_customers_own_words(owner, store):
    heat = FieldInfo("Heat__c", "Heat", "picklist", restricted=True, picklist=("hot",))
    known = shape().fields
    see(store, shape(fields={**known, "Lead": fields(heat)}))
    send(owner, "own_fields/add", object="Lead", field="Heat__c", template="{group}")
    send(owner, "own_fields/Lead/Heat__c", 422, template="{direction}", when="create")
    assert [own.template for own in policy(store).own_fields] == ["{group}"]


@pytest.mark.parametrize(
    "form",
    [
        {"object": "Lead", "field": "Talk__c", "template": "{external_line} x"},
        {"object": "Lead", "field": "Source__c", "template": "{weather}"},
        {"object": "Lead", "field": "Source__c", "template": ""},
        {"object": "Lead", "field": "OwnerId", "template": "x"},
        {"object": "Lead", "field": "Nothing__c", "template": "x"},
        {"object": "Secret", "field": "Source__c", "template": "x"},
        {"object": "Lead", "field": "Source__c", "template": "x" * 1001},
    ],
)
def test_an_own_field_that_cannot_fit_is_refused_with_the_reason(owner, store, form):
    answer = send(owner, "own_fields/add", 422, **form)
    assert 'id="own_fields-add-error"' in answer.text
    assert policy(store).own_fields == ()


def test_a_checkbox_is_exemplified_in_words(owner, store):
    form = {"object": "Lead", "field": "Спит (Asleep__c)", "template": "{answered}"}
    answer = send(owner, "own_fields/add", **form)
    assert '<output dir="auto">да</output>' in answer.text
    assert '<output id="own-example" dir="auto"></output>' in answer.text  # the form is empty again


def test_a_refusal_calls_the_field_and_its_type_as_people_do(owner, store):
    form = {"object": "Lead", "field": "Talk__c", "template": "{external_line} x"}
    answer = send(owner, "own_fields/add", 422, **form)
    refusal = answer.text.partition('id="own_fields-add-error"')[2].partition("</p>")[0]
    assert "Секунды разговора" in refusal
    assert "Talk__c" not in refusal


def test_the_result_is_shown_while_a_template_is_typed(owner):
    assert "+380505557182" in send(owner, "own_fields/example", template="{client_number}").text
    answer = send(owner, "own_fields/example", template="<script>")
    assert "&lt;script&gt;" in answer.text


def test_fields_of_another_object_are_offered(owner, store):
    see(store, shape(fields={"Lead": {}, "Task": shape().fields["Task"]}))
    assert "Source__c" not in owner.get("/salesforce/org/fields/Lead", htmx=True).text
    assert "Source__c" in owner.get("/salesforce/org/fields/Task", htmx=True).text
    assert owner.get("/salesforce/org/fields/Nothing", htmx=True).text.strip() == ""
    chosen = owner.get("/salesforce/own_fields/choose?object=Task", htmx=True)
    for page in (chosen, owner.get("/salesforce?object=Task")):
        assert f'hx-get="{ACME}/salesforce/org/fields/Task"' in page.text
