"""The page of the test call over the stand-in org: made, shown field by field, offered again."""

import html
import re
import threading
from datetime import timedelta

import pytest

from core import test_call
from core.models import CheckRow
from core.reasons import stored
from core.store.database import utc_now
from core.test_call import TEST_CALL, Left, Record, Report
from tests.portal.helpers.connecting import connect
from tests.portal.helpers.orgs import edit

PATH = "/salesforce/test-call"


@pytest.fixture(autouse=True)
def connected(owner, salesforce, store):
    """Connected to the stand-in, and not switched on."""
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "en")
    connect(owner, salesforce)
    edit(store, language="en")


def records(salesforce, name):
    return salesforce.control("GET", f"/orgs/Acme/records/{name}")


def words(page):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)))


def rows(page):
    """What each field of the tables shows, by its API name."""
    found = re.findall(r"<code>(\w+)</code></th>(.*?)</tr>", page.text, re.S)
    return {name: re.findall(r"<td[^>]*>(.*?)</td>", rest, re.S) for name, rest in found}


def keep(store, report, **row):
    """As if a test call had gone so."""
    org_id = store.connections.get("acme").org_id
    began = store.checks.begin("acme", TEST_CALL)
    kept = report.model_copy(update={"org_id": org_id}).model_dump(mode="json")
    store.checks.end("acme", TEST_CALL, began, kept, 5)


@pytest.mark.parametrize("htmx", [True, False])
def test_what_stood_in_the_org_is_shown_field_by_field(owner, salesforce, htmx):
    before = records(salesforce, "Lead")
    assert "No test call was made yet." in words(owner.get("/salesforce"))
    answer = owner.post(PATH, htmx=htmx, kind="answered")
    page = answer if htmx else owner.get(answer.location)
    assert "All as written" in words(page)
    assert "with 5 API calls" in words(page)
    assert "A test call was made: Incoming" in words(owner.get("/access"))
    assert rows(page)["WhoId"] == ["the new record: Lead"] * 2
    assert rows(page)["LastName"][0].startswith("UniTalk test call: +44 20 7946")
    assert words(page).count("written and removed") == 2
    assert "a lead was created" in words(page)
    assert records(salesforce, "Lead") == before
    assert "No test call was made yet." not in words(owner.get("/salesforce"))


def test_what_differs_is_marked(owner, salesforce):
    salesforce.control(
        "PATCH", "/orgs/Acme/settings", flows=[{"object": "Lead", "sets": {"Company": "Flow"}}]
    )
    page = owner.post(PATH, htmx=True, kind="missed")
    assert "1 field differs" in words(page)
    written, found = rows(page)["Company"]
    assert written == "—" and found.startswith("Flow") and "differs" in found


def test_a_refusal_is_shown_in_salesforces_words(owner, salesforce):
    rule = {"object": "Lead", "when": "Company != null", "message": "No <b>companies</b>!"}
    salesforce.control("PATCH", "/orgs/Acme/settings", validation_rules=[rule])
    page = owner.post(PATH, htmx=True, kind="answered")
    assert "Not written" in words(page)
    assert "No &lt;b&gt;companies&lt;/b&gt;!" in page.text.replace("<wbr>", "")
    assert len(rows(page)["Company"]) == 1


def test_what_could_not_be_removed_is_named_with_its_address(owner, store):
    why = stored("test_call.not_removed", {"message": "no rights", "code": "NO"})
    keep(store, Report(left=(Left(object="Lead", id="00Q000000000001AAA", why=why),)))
    page = owner.get(PATH)
    assert "no rights" in words(page)
    assert 'href="http://127.0.0.1:9/00Q000000000001AAA"' in page.text
    assert "still in your Salesforce" in words(owner.get("/salesforce"))


def test_what_was_written_and_not_removed_is_not_called_unwritten(owner, store):
    lead = Record(object="Lead", id="00Q000000000001AAA", fields=(), is_read=True)
    left = (Left(object="Lead", id=lead.id),)
    why = stored("test_call.not_removed_yet", {"code": "HTTP_503", "message": ""})
    keep(store, Report(records=(lead,), left=left, removal=why, made_at=utc_now()))
    page = owner.get(PATH)
    assert "Not all was removed" in words(page) and "Not written" not in words(page)
    assert "could not be removed yet" in words(page)
    result = page.text.split('id="test-call"')[1].split("</main>")[0]
    assert result.count("note-bad") == 1
    assert "Remove what it left" in result.split("note-bad")[1].split("</form>")[0]


def test_the_card_tells_how_the_last_one_went(owner, salesforce, store):
    assert "Make one before you switch on." in words(owner.get("/salesforce"))
    owner.post(PATH, kind="answered")
    assert "Last test call: All as written," in words(owner.get("/salesforce"))
    rule = {"object": "Lead", "when": "Company != null", "message": "No!"}
    salesforce.control("PATCH", "/orgs/Acme/settings", validation_rules=[rule])
    page = owner.post(PATH, htmx=True, kind="answered")
    assert "/ObjectManager/Lead/ValidationRules/view" in page.text
    assert "fill the field under Own fields" in words(page)
    card = owner.get("/salesforce").text
    assert re.search(r'<strong class="wrong">Last test call: Not written,', card)


def test_fields_that_are_hidden_lead_to_the_check(owner, salesforce):
    hidden = ["Lead.Phone", "Lead.MobilePhone"]
    salesforce.control("PATCH", "/orgs/Acme/settings", hidden_fields=hidden)
    page = owner.post(PATH, htmx=True, kind="answered").text
    assert f'href="{owner.at("/salesforce/check")}"' in page
    assert "ValidationRules" not in page


def test_its_page_is_one_of_salesforce(owner):
    nav = owner.get(PATH).text.split('<nav class="side"')[1].split("</nav>")[0]
    assert re.search(r'/salesforce"\s+aria-current="true"', nav)


def test_it_is_offered_again_once_settings_changed(owner, store):
    owner.post(PATH, kind="answered")
    edit(store, enabled=True)
    assert "changed since the last test call" not in words(owner.get("/salesforce"))
    edit(store, mode="contacts")
    assert "changed since the last test call" in words(owner.get("/salesforce"))
    assert "changed since the last test call" in words(owner.get(PATH))
    owner.post(PATH, kind="answered")
    assert "changed since the last test call" not in words(owner.get("/salesforce"))


def test_a_slow_one_is_looked_at_while_it_goes_on(owner, store, monkeypatch):
    may_end, begun = threading.Event(), []

    def slow(account_id, *_):
        begun.append(store.checks.begin(account_id, TEST_CALL))
        may_end.wait(60)
        store.checks.end(account_id, TEST_CALL, begun[0], Report().model_dump(mode="json"), 1)

    monkeypatch.setattr("portal.preflight.test_call.run", slow)
    page = owner.post(PATH, htmx=True, kind="answered")
    assert 'hx-trigger="every 1s"' in page.text and "takes a few seconds" in words(page)
    may_end.set()
    while store.checks.newest("acme", TEST_CALL).is_running:
        pass
    assert "every 1s" not in owner.get(PATH, htmx=True).text


def test_what_a_dead_one_left_is_removed_when_the_page_is_opened(owner, store, salesforce):
    salesforce.control(
        "POST", "/orgs/Acme/records/Lead", LastName="UniTalk test call: x", Company="x"
    )
    lead = records(salesforce, "Lead")[-1]["Id"]
    org_id = store.connections.get("acme").org_id
    store.checks.begin("acme", TEST_CALL)
    report = Report(org_id=org_id, left=(Left(object="Lead", id=lead),))
    with store.database.write() as session:
        row = session.get(CheckRow, ("acme", TEST_CALL))
        row.began_at -= timedelta(minutes=10)
        row.result = report.model_dump(mode="json")
    shown = owner.get(PATH)
    assert "Something of it may still be" in words(shown) and "load, submit" in shown.text
    page = owner.post(f"{PATH}/rest", htmx=True)
    assert "was broken off before" in words(page) and "Broken off" in words(page)
    assert "Something of it may still be" not in words(page)
    assert lead not in [one["Id"] for one in records(salesforce, "Lead")]


def test_without_a_connection_there_is_no_button(owner, store):
    store.connections.disconnected("acme")
    page = owner.get(PATH)
    assert "not connected" in words(page) and "Make a test call" not in words(page)
    owner.post(PATH, kind="answered")
    assert store.checks.newest("acme", TEST_CALL) is None


def test_an_odd_kind_is_the_usual_one(owner, store):
    owner.post(PATH, kind="sideways")
    found = store.checks.newest("acme", TEST_CALL)
    assert test_call.read_report(found.result).kind == "answered"


def test_it_is_not_made_as_often_as_one_likes(owner, store, monkeypatch):
    monkeypatch.setattr("portal.preflight.test_call.run", lambda *_: None)
    answers = [owner.post(PATH, htmx=True, kind="answered").status_code for _ in range(7)]
    assert answers == [200] * 6 + [429]
