"""The pages: what a person sees of an org."""

import html5lib
import pytest

LEAD = {"LastName": "Ivanenko", "Company": "Acme <b>", "Phone": "+380441234567"}


def page(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    html5lib.HTMLParser(strict=True).parse(answer.text)
    assert "Stand-in org — not Salesforce" in answer.text
    assert "http://" not in answer.text.replace("http://localhost", "")
    return answer.text


def test_lists_and_records_with_call_history(client, browser):
    lead = client.create("Lead", **LEAD)
    text = "Status: answered\nRecording: https://rec.example/a?b=1&c=2."
    client.create(
        "Task", Subject="Inbound <call>", WhoId=lead, Status="Completed", CallType="Inbound",
        CallDurationInSeconds=65, Description=text,
    )  # fmt: skip
    assert "Leads" in page(browser, "/")
    listed = page(browser, f"/o/{client.org.id}/Lead")
    assert "Ivanenko" in listed
    assert "Acme &lt;b&gt;" in listed
    record = page(browser, f"/{lead}")
    assert "Inbound &lt;call&gt;" in record
    assert "1:05" in record
    assert '<a href="https://rec.example/a?b=1&amp;c=2" rel="noreferrer">' in record
    for name in ("Contact", "Account", "Opportunity", "Task", "setup"):
        page(browser, f"/o/{client.org.id}/{name}")


def test_search_on_a_list(client, browser):
    client.create("Lead", **LEAD)
    assert "Nothing here yet" in page(browser, f"/o/{client.org.id}/Lead?q=absent")
    assert "Ivanenko" in page(browser, f"/o/{client.org.id}/Lead?q=ivan")


def test_convert_and_close_by_a_button(client, browser):
    lead = client.create("Lead", **LEAD)
    answer = browser.post(f"/o/{client.org.id}/convert/{lead}", data={"opportunity": "1"})
    assert answer.status_code == 303
    record = client.read("Lead", lead)
    assert record["IsConverted"] is True
    assert "This lead was converted" in page(browser, f"/{lead}")
    deal = record["ConvertedOpportunityId"]
    assert "Close as lost" in page(browser, f"/{deal}")
    browser.post(f"/o/{client.org.id}/stage/{deal}", data={"stage": "Closed Lost"})
    assert client.read("Opportunity", deal)["IsClosed"] is True
    again = browser.post(f"/o/{client.org.id}/convert/{lead}")
    assert again.status_code == 400


def test_setup_flips_switches(client, browser):
    anna = client.user("anna@acme.example")
    form = {"app_policy": "blocked", "duplicates": "block", "active_user": [anna], "active": "on"}
    answer = browser.post(f"/o/{client.org.id}/setup", data=form)
    assert answer.status_code == 303
    settings = client.org.settings
    assert (settings.package, settings.active, settings.app_policy) == (False, True, "blocked")
    assert [rule.action for rule in settings.duplicate_rules] == ["block", "block"]
    users = browser.get("/__control__/orgs/Acme").json["users"]
    assert [user["IsActive"] for user in users] == [True, False, False]


@pytest.mark.parametrize("path", ["/x", "/o/x/Lead", "/003Sd00000zzzzzAAA"])
def test_what_is_not_there(browser, path):
    assert browser.get(path).status_code == 404


def test_other_sites_cannot_post(client, browser):
    answer = browser.post(
        f"/o/{client.org.id}/setup",
        data={"app_policy": "blocked"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 400
