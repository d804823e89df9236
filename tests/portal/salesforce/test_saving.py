"""Every control is saved the moment it is used, touches only its setting, and tells of others."""

import re

import pytest

from core.policy import Mode
from tests.portal.helpers.orgs import ANNA, edit

pytestmark = pytest.mark.usefixtures("switched_on")


def policy(store):
    return store.policies.get("acme")


@pytest.mark.parametrize(
    ("block", "name", "value", "saved"),
    [
        ("entities", "mode", "contacts", "contacts"),
        ("entities", "converted_lead", "ignore", "ignore"),
        ("entities", "known_contact_first", "on", True),
        ("entities", "contact_account_id", "001000000000001", "001000000000001AAA"),
        (
            "entities",
            "contact_account_id",
            "https://x.lightning.force.com/lightning/r/Account/001000000000001AAA/view",
            "001000000000001AAA",
        ),
        ("entities", "closed_opportunity", "reopen", "reopen"),
        ("entities", "open_stage", "Negotiation", "Negotiation"),
        ("entities", "close_in_days", "45", 45),
        ("entities", "opportunity_name", " Call  {client_number} ", "Call {client_number}"),
        ("entities", "create_on_outgoing", "on", True),
        ("missed_calls", "missed_task_due_minutes", "15", 15),
        ("lines", "default_responsible", "анна коваль", ANNA),
        (
            *("general", "phone_fields", ["Lead.Phone", "Contact.Phone"]),
            ("Lead.Phone", "Contact.Phone"),
        ),
        ("general", "region", "PL", "PL"),
        ("general", "time_zone", "Europe/Warsaw", "Europe/Warsaw"),
        ("general", "time_zone", "europe/kyiv\u200b", "Europe/Kyiv"),
        ("general", "language", "en", "en"),
    ],
)
def test_a_control_is_saved_and_nothing_else(owner, store, block, name, value, saved):
    before = policy(store)
    answer = owner.post(f"/salesforce/{block}/set/{name}", htmx=True, value=value)
    assert answer.status_code == 200
    assert f'id="{block}"' in answer.text
    assert policy(store) == before.model_copy(update={name: saved})
    assert 'class="saved"' in answer.text or name in (
        "contact_account_id",
        "closed_opportunity",
        "open_stage",
        "close_in_days",
        "opportunity_name",
    )


@pytest.mark.parametrize(
    ("block", "name", "value"),
    [
        ("entities", "mode", "everything"),
        ("entities", "contact_account_id", "Acme"),
        ("entities", "contact_account_id", "003000000000001AAA"),
        ("entities", "open_stage", "Closed Won"),
        ("entities", "close_in_days", "-1"),
        ("entities", "close_in_days", "99999999999999999999"),
        ("entities", "close_in_days", "soon"),
        ("entities", "opportunity_name", ""),
        ("entities", "opportunity_name", "x" * 256),
        ("entities", "opportunity_name", "{weather}"),
        ("missed_calls", "missed_task_due_minutes", "0"),
        ("lines", "default_responsible", "Nobody"),
        ("lines", "default_responsible", "Bohdan Twin"),
        ("general", "phone_fields", []),
        ("general", "phone_fields", ["Lead.Phone"]),
        ("general", "phone_fields", ["Contact.Phone", "Contact.MobilePhone"]),
        ("general", "region", "Atlantis"),
        ("general", "time_zone", "Mars/Olympus"),
        ("general", "language", "tlh"),
    ],
)
def test_what_cannot_be_is_refused_at_its_control(owner, store, block, name, value):
    edit(store, mode=Mode.OPPORTUNITIES)
    before = policy(store)
    for htmx in (True, False):
        answer = owner.post(f"/salesforce/{block}/set/{name}", htmx=htmx, value=value)
        assert answer.status_code == 422
        assert f'id="{block}-{name}-error"' in answer.text
    assert policy(store) == before


SAVED = "001000000000001AAA"


@pytest.mark.parametrize(
    ("before", "form", "after"),
    [
        ("", {"account": "each"}, "each"),
        (SAVED, {"account": "each", "value": SAVED, "was": SAVED}, "each"),
        (SAVED, {"account": "", "value": SAVED, "was": SAVED}, ""),
        ("each", {"account": "", "value": "", "was": ""}, ""),
        (SAVED, {"account": "one", "value": SAVED, "was": SAVED}, SAVED),
        ("each", {"account": "each", "value": SAVED[:15], "was": ""}, SAVED),  # typed just now
        ("", {"account": "", "value": SAVED, "was": ""}, SAVED),
        (SAVED, {"account": "one", "value": "", "was": SAVED}, None),
        ("each", {"account": "one", "value": "", "was": ""}, None),
        ("", {"account": "two", "value": "", "was": ""}, ""),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_new_contacts_go_under_none_under_one_or_each_under_its_own(
    owner, store, before, form, after, htmx
):
    """None: refused, as no account is named."""
    edit(store, mode=Mode.CONTACTS, contact_account_id=before)
    url = "/salesforce/entities/set/contact_account_id"
    answer = owner.post(url, htmx=htmx, **form)
    assert policy(store).contact_account_id == (before if after is None else after)
    page = answer if htmx or after is None else owner.get("/salesforce")
    marked = re.search(r'name="account"[^>]*value="([a-z]*)"[^>]*checked', page.text)
    assert marked
    assert marked[1] == ("one" if after in (None, SAVED) else after)
    assert ("entities-contact_account_id-error" in page.text) is (after is None)


def test_each_choice_says_who_sees_such_contacts_and_shows_an_example(owner, store):
    owner.client.set_cookie("language", "en")
    edit(store, mode=Mode.CONTACTS)
    page = owner.get("/salesforce").text
    assert "Private in Salesforce" in page
    assert "with the contact “" not in page
    edit(store, contact_account_id="each")
    assert (
        "account “+380 50 555 7182” with the contact “+380 50 555 7182”"
        in owner.get("/salesforce").text
    )


def test_a_refused_text_stays_in_its_input(owner, store):
    edit(store, mode=Mode.OPPORTUNITIES)
    answer = owner.post("/salesforce/entities/set/close_in_days", htmx=True, value="soon")
    assert 'value="soon"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_an_unticked_switch_is_off(owner, store):
    edit(store, create_on_outgoing=True)
    owner.post("/salesforce/entities/set/create_on_outgoing", htmx=True)
    assert policy(store).create_on_outgoing is False


def test_a_control_belongs_to_its_block(owner):
    assert owner.post("/salesforce/lines/set/mode", value="leads").status_code == 404
    assert owner.post("/salesforce/lines/set/lines", value="x").status_code == 404
    assert owner.post("/salesforce/entities/set/enabled", value="on").status_code == 404


@pytest.mark.parametrize(
    ("mode", "shown", "hidden"),
    [
        ("leads", ["converted_lead"], ["contact_account_id", "closed_opportunity"]),
        ("contacts", ["contact_account_id"], ["converted_lead", "closed_opportunity"]),
        ("opportunities", ["contact_account_id", "open_stage"], ["converted_lead"]),
    ],
)
def test_only_the_choices_of_the_mode_are_shown(owner, mode, shown, hidden):
    text = owner.post("/salesforce/entities/set/mode", htmx=True, value=mode).text
    for name in shown:
        assert f"/entities/set/{name}" in text
    for name in hidden:
        assert f"/entities/set/{name}" not in text


def test_the_switch_for_outgoing_calls_is_named_as_in_the_manual(owner):
    owner.client.set_cookie("language", "ru")
    for mode, words in (
        ("leads", "Создавать лиды при исходящих звонках"),
        ("contacts", "Создавать контакты при исходящих звонках"),
        ("opportunities", "Создавать контакты и возможности при исходящих звонках"),
    ):
        text = owner.post("/salesforce/entities/set/mode", htmx=True, value=mode).text
        assert words in text


def test_without_javascript_the_page_comes_back_and_says_saved(owner):
    answer = owner.post("/salesforce/entities/set/mode", value="contacts", seen="1")
    assert answer.status_code == 303
    assert answer.location.endswith("#entities")
    page = owner.get(answer.location.partition("#")[0])
    assert 'class="saved"' in page.text
    assert "note-news" not in page.text


def seen_by(page):
    """The newest change that a page's forms were shown."""
    return page.text.split('id="entities"')[1].split('data-seen="')[1].split('"')[0]


@pytest.mark.parametrize("htmx", [True, False])
def test_the_other_tab_is_told_and_only_its_own_field_changes(owner, visit, store, htmx):
    seen = seen_by(owner.get("/salesforce"))
    member = visit("member")
    member.post("/salesforce/entities/set/converted_lead", htmx=True, value="ignore")
    answer = owner.post(
        "/salesforce/entities/set/create_on_outgoing", htmx=htmx, value="on", seen=seen
    )
    if not htmx:
        answer = owner.get(answer.location.partition("#")[0])
    assert "note-news" in answer.text
    assert "Member" in answer.text
    assert (policy(store).converted_lead, policy(store).create_on_outgoing) == ("ignore", True)


def test_who_overwrites_a_change_meanwhile_is_told(owner, visit, store):
    seen = seen_by(owner.get("/salesforce"))
    visit("member").post("/salesforce/entities/set/mode", htmx=True, value="contacts")
    answer = owner.post(
        "/salesforce/entities/set/mode", htmx=True, value="opportunities", seen=seen
    )
    assert "note-news" in answer.text
    assert policy(store).mode == "opportunities"


def test_a_tab_that_is_looked_at_again_hears_the_news(owner, visit):
    seen = seen_by(owner.get("/salesforce"))
    assert owner.get(f"/salesforce/entities?seen={seen}", htmx=True).status_code == 204
    visit("member").post("/salesforce/entities/set/mode", htmx=True, value="contacts")
    answer = owner.get(f"/salesforce/entities?seen={seen}", htmx=True)
    assert "note-news" in answer.text
    assert seen_by(answer) != seen


def test_a_tab_that_is_looked_at_again_shows_what_another_block_changed(owner, visit):
    seen = seen_by(owner.get("/salesforce"))
    url = "/salesforce/entities/set/create_on_outgoing"
    visit("member").post(url, htmx=True, value="on")
    answer = owner.get(f"/salesforce/kinds?seen={seen}", htmx=True)
    assert answer.status_code == 200
    assert "note-news" not in answer.text
    assert owner.get(f"/salesforce/lines?seen={seen}", htmx=True).status_code == 204


def test_ones_own_change_is_no_news(owner):
    seen = seen_by(owner.get("/salesforce"))
    answer = owner.post("/salesforce/entities/set/mode", htmx=True, value="contacts", seen=seen)
    assert "note-news" not in answer.text
    again = owner.post(
        "/salesforce/entities/set/mode", htmx=True, value="contacts", seen=seen_by(answer)
    )
    assert "note-news" not in again.text


@pytest.mark.parametrize("seen", ["", "-1", "x", "9" * 400])
def test_a_form_that_says_nonsense_about_what_it_saw_is_saved(owner, store, seen):
    answer = owner.post("/salesforce/entities/set/mode", htmx=True, value="contacts", seen=seen)
    assert answer.status_code == 200
    assert policy(store).mode == "contacts"
