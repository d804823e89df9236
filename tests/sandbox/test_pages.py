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


class Filled:
    """The setup form as a browser would send it: what is ticked, chosen and written."""

    def __init__(self, browser, org):
        self.path = f"/o/{org.id}/setup"
        self.browser = browser
        tree = html5lib.parse(page(browser, self.path), namespaceHTMLElements=False)
        form = tree.find(".//form")
        boxes = [i for i in form.iter("input") if i.get("type") == "checkbox"]
        self.ticked = {(i.get("name"), i.get("value")) for i in boxes if "checked" in i.attrib}
        self.offered = {(i.get("name"), i.get("value")) for i in boxes}
        texts = [i for i in form.iter("input") if i.get("type") != "checkbox"]
        self.texts = {i.get("name"): i.get("value", "") for i in texts}
        for choice in form.iter("select"):
            chosen = [o for o in choice.iter("option") if "selected" in o.attrib]
            self.texts[choice.get("name")] = (chosen or list(choice.iter("option")))[0].get("value")

    def tick(self, name, value="on"):
        assert (name, value) in self.offered
        self.ticked ^= {(name, value)}

    def send(self):
        data = {name: [text] for name, text in self.texts.items()}
        for name, value in self.ticked:
            data.setdefault(name, []).append(value)
        return self.browser.post(self.path, data=data)


def test_the_setup_form_sent_as_it_is_changes_nothing(client, browser):
    client.switch(
        hidden_fields=["Lead.Title", "Task.WhoId"],
        encrypted_fields=["Lead.Phone"],
        sharing="private",
        view_all=["Contact"],
        namespace="unitalk",
        package_version="1.2",
        record_counts={"Lead": 7, "Task": 5},
        custom_fields={"Lead": [{"name": "X__c", "type": "string", "label": "X", "length": 9}]},
    )
    before = client.org.settings.as_json()
    assert Filled(browser, client.org).send().status_code == 303
    assert client.org.settings.as_json() == before


def test_setup_plays_a_real_orgs_first_day(client, browser):
    form = Filled(browser, client.org)
    form.tick("hidden", "Lead.Phone")
    form.tick("encrypted", "Contact.Phone")
    form.tick("view_all", "Lead")
    form.tick("region")
    form.tick("view_setup")
    form.texts |= {"sharing": "private", "namespace": "unitalk", "package_version": "2.1"}
    form.texts |= {"count_Contact": "5000000", "duplicates": "alert"}
    assert form.send().status_code == 303
    settings = client.org.settings
    assert settings.hidden_fields == ["Lead.Phone"]
    assert settings.encrypted_fields == ["Contact.Phone"]
    assert (settings.sharing, settings.view_all) == (
        "private",
        ["Account", "Contact", "Opportunity"],
    )
    assert (settings.namespace, settings.package_version) == ("unitalk", "2.1")
    assert (settings.record_counts, settings.view_setup) == ({"Contact": 5_000_000}, False)
    assert client.refused("Lead", **{**LEAD, "Phone": "1"})[1] == "INVALID_FIELD"
    lead = {"LastName": "x", "Company": "y"}
    assert client.refused("Lead", **lead)[2] == ["Region__c"]
    again = Filled(browser, client.org)
    again.tick("hidden", "Lead.Phone")
    again.tick("region")
    assert again.send().status_code == 303
    client.create("Lead", **lead, Phone="1")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("sharing", "open"), ("count_Lead", "many"), ("package_version", "new")],
)
def test_setup_refuses_what_makes_no_sense(client, browser, name, wrong):
    form = Filled(browser, client.org)
    form.texts |= {name: wrong, "namespace": "unitalk"}
    before = client.org.settings
    assert form.send().status_code == 400
    assert client.org.settings == before


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
