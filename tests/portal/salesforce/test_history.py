"""Every change of the settings is told in words and can be taken back, alone."""

import re
from html import unescape

import pytest

from core.policy import LineRow, MissedCallRow, Mode, OwnField
from tests.portal.helpers.orgs import ANNA, BOHDAN, connect, edit, see


@pytest.fixture(autouse=True)
def connected(store):
    connect(store)
    see(store)


def line(number, user=ANNA):
    return LineRow(line=number, user_id=user)


def newest(store):
    return store.policies.history("acme")[0].name


def undo(owner, change_id, status=200):
    answer = owner.post(f"/salesforce/history/{change_id}/undo", htmx=True)
    assert answer.status_code == status
    return answer


def test_the_history_says_who_and_what_in_words(owner, member, store):
    member.post("/salesforce/entities/set/mode", htmx=True, value="contacts")
    member.post("/salesforce/lines/add", htmx=True, line="2001", user=ANNA)
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "en")
    text = owner.get("/salesforce/history").text
    assert "Member" in text
    assert "What calls create: Leads → Contacts" in text
    assert "added “2001 (\u2068Анна Коваль\u2069)”" in text


def test_values_are_told_in_the_words_of_the_page_and_the_org(owner, store):
    own = {"object": "Lead", "field": "Source__c", "template": "{line}"}
    edit(store, language="uk", region="PL", open_stage="Negotiation")
    edit(store, phone_fields=("Lead.Phone",), own_fields=(OwnField(**own),))
    edit(store, own_fields=(OwnField(**own, when="every_call"),), default_responsible=ANNA)
    edit(store, default_responsible="", contact_account_id="001000000000001AAA")
    edit(store, contact_account_id="each")
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "en")
    text = re.sub("[\u2068\u2069]", "", unescape(owner.get("/salesforce/history").text))
    for words in (
        "Language of records: Русский → Українська",
        "Country of your numbers: Ukraine → Poland",
        "Stage of new and reopened opportunities: The first open stage → Переговоры",
        "removed “Lead · MobilePhone”",
        "added “Lead · Источник = {line} (when a record is created)”",
        "{line} (when a record is created) → Lead · Источник = {line} (on every call)",
        "Default responsible: Анна Коваль → The user who connected",
        "Account for new contacts: None → 001000000000001AAA",
        "Account for new contacts: 001000000000001AAA → One of its own for each",
    ):
        assert words in text


def test_the_account_of_new_contacts_goes_back_to_what_it_was(owner, store):
    edit(store, contact_account_id="001000000000001AAA")
    edit(store, contact_account_id="each")
    undo(owner, newest(store))
    assert store.policies.get("acme").contact_account_id == "001000000000001AAA"


def test_of_the_phone_fields_only_what_changed_goes_back(owner, store):
    edit(store, phone_fields=("Lead.Phone", "Contact.Phone"))
    edit(store, phone_fields=("Lead.Phone",))
    change = newest(store)
    edit(store, phone_fields=("Lead.Phone", "Lead.Fax"))
    undo(owner, change)
    assert set(store.policies.get("acme").phone_fields) == {
        "Lead.Phone",
        "Lead.Fax",
        "Contact.Phone",
    }


def test_no_taking_back_leaves_calls_without_a_phone_field(owner, store):
    edit(store, phone_fields=("Lead.Phone",))
    edit(store, phone_fields=("Lead.Phone", "Lead.Fax"))
    change = newest(store)
    edit(store, phone_fields=("Lead.Fax",))
    assert 'role="alert"' in undo(owner, change, 422).text


def test_older_changes_stand_on_pages_of_their_own(owner, store):
    for n in range(60):
        edit(store, close_in_days=100 + n)
    first = owner.get("/salesforce/history").text
    assert first.count('id="change-') == 50
    older = re.search('rel="next" href="([^"]+)"', first)
    rest = owner.get(older[1]).text
    assert rest.count('id="change-') == 10
    assert 'rel="next"' not in rest
    action = re.search('action="([^"]+/salesforce/history/[\\w-]+/undo[^"]+)"', rest)
    answer = owner.post(action[1], htmx=True)
    assert 'class="saved"' in answer.text
    assert answer.text.count('id="change-') == 10
    assert owner.get("/salesforce/history?before=x").text.count('id="change-') == 50


def test_one_change_is_taken_back_and_later_ones_stay(owner, store):
    edit(store, mode=Mode.CONTACTS)
    first = newest(store)
    edit(store, create_on_outgoing=True)
    answer = undo(owner, first)
    assert 'class="saved"' in answer.text
    policy = store.policies.get("acme")
    assert (policy.mode, policy.create_on_outgoing) == (Mode.LEADS, True)
    undo(owner, newest(store))
    assert store.policies.get("acme").mode is Mode.CONTACTS


def test_only_the_rows_that_a_change_touched_go_back(owner, store):
    edit(store, lines=(line("2001"), line("2002")))
    edit(store, lines=(line("2001", BOHDAN),))
    change = newest(store)
    edit(store, lines=(line("2001", BOHDAN), line("2003")))
    undo(owner, change)
    assert set(store.policies.get("acme").lines) == {line("2001"), line("2002"), line("2003")}


def test_a_removed_row_of_the_missed_call_table_comes_back(owner, store):
    row = MissedCallRow(id=0, external_line="1", user_ids=(ANNA, BOHDAN))
    edit(store, missed_calls=(row,))
    added = newest(store)
    edit(store, missed_calls=())
    edit(store, missed_calls=(row.model_copy(update={"external_line": "2"}),))
    undo(owner, store.policies.history("acme")[1].name)
    rows = store.policies.get("acme").missed_calls
    assert [(one.external_line, one.user_ids) for one in rows] == [
        ("2", (ANNA, BOHDAN)),
        ("1", (ANNA, BOHDAN)),
    ]
    undo(owner, added)
    assert [one.external_line for one in store.policies.get("acme").missed_calls] == ["2"]


def test_what_later_changes_replaced_is_not_taken_back(owner, store):
    edit(store, mode=Mode.CONTACTS)
    change = newest(store)
    edit(store, mode=Mode.LEADS)
    assert 'role="alert"' in undo(owner, change, 422).text


@pytest.mark.parametrize("change_id", ["0", "77", "9" * 30])
def test_a_change_that_is_not_there_is_not_found(owner, change_id):
    undo(owner, change_id, 404)


def test_another_accounts_history_is_out_of_reach(owner, store):
    edit(store, "other", mode=Mode.CONTACTS)
    undo(owner, store.policies.history("other")[0].name, 404)
    assert store.policies.get("other").mode is Mode.CONTACTS


def test_without_javascript_the_history_comes_back(owner, store):
    edit(store, mode=Mode.CONTACTS)
    change = newest(store)
    answer = owner.post(f"/salesforce/history/{change}/undo")
    assert answer.status_code == 303
    assert 'class="saved"' in owner.get(answer.location).text
