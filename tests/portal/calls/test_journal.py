"""The journal and the page of one call."""

from datetime import UTC, datetime, timedelta

import pytest

from core.models import CallState
from portal.calls.words import line_text
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.calls import hand_over, settle


def test_newest_calls_come_first_and_older_ones_by_the_page(owner, store):
    for n in range(1, 61):
        hand_over(store, dbid=n, date=f"2026-11-20 10:{n // 60:02d}:{n % 60:02d}")
    page = owner.get("/calls")
    assert page.text.count("<tr>") == 51
    older = page.text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    rest = owner.get(older)
    assert rest.text.count("<tr>") == 11
    assert "hx-trigger" not in rest.text.partition('id="calls"')[2].partition(">")[0]


def test_the_list_renews_itself_only_while_something_waits(owner, store):
    assert "every 2s" not in owner.get("/calls").text
    row = hand_over(store)
    assert "every 2s" in owner.get("/calls", htmx=True).text
    settle(store, row, CallState.SKIPPED, "skip.off")
    assert "every 2s" not in owner.get("/calls", htmx=True).text


def test_it_waits_for_an_expected_call(owner, store):
    assert "every 2s" in owner.get("/calls?expect=77").text
    settle(store, hand_over(store, dbid=77), CallState.SKIPPED, "skip.off")
    assert "every 2s" not in owner.get("/calls?expect=77").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=waiting", {"+380505550001", "+380505550003"}),
        ("state=skipped", {"+380505550002"}),
        ("direction=missed", {"+380505550003"}),
        ("direction=outgoing", set()),
        ("direction=incoming&state=waiting", {"+380505550001", "+380505550003"}),
        ("number=050 555 00 02", {"+380505550002"}),
        ("since=2026-11-21", {"+380505550003"}),
        ("until=2026-11-20", {"+380505550001", "+380505550002"}),
        ("state=nonsense&since=never&after=x", {f"+38050555000{n}" for n in (1, 2, 3)}),
    ],
)
def test_filters(owner, store, query, found):
    hand_over(store, dbid=1, **{"from": "380505550001", "date": "2026-11-20 10:00:00"})
    second = hand_over(store, dbid=2, **{"from": "380505550002", "date": "2026-11-20 11:00:00"})
    settle(store, second, CallState.SKIPPED, "skip.off")
    state = {"state": "NOANSWER", "from": "380505550003", "date": "2026-11-21 00:30:00"}
    hand_over(store, dbid=3, **state)
    text = owner.get(f"/calls?{query}").text.replace(" ", "")
    assert {f"+38050555000{n}" for n in (1, 2, 3) if f"+38050555000{n}" in text} == found


def test_a_list_without_a_fitting_call_offers_all_of_them(owner, store):
    hand_over(store)
    assert f'href="{ACME}/calls"' in owner.get("/calls?state=skipped", htmx=True).text


def test_a_call_leads_back_to_the_list_it_was_opened_from(owner, store):
    row = hand_over(store)
    for came_from, crumb in (
        (f"http://localhost{ACME}/calls?state=waiting", f"{ACME}/calls?state=waiting"),
        (f"http://localhost{ACME}/missed?external_line=x", f"{ACME}/missed?external_line=x"),
        (f"http://localhost{ACME}/calls/other", f"{ACME}/calls"),
        (f"http://elsewhere.example{ACME}/calls?x=1", f"{ACME}/calls"),
    ):
        page = owner.client.get(f"{ACME}/calls/{row.public_id}", headers={"Referer": came_from})
        assert f'class="crumb"><a href="{crumb}"' in page.text


def test_a_call_shows_what_came_what_was_decided_and_what_was_written(owner, store):
    store.connections.connected(
        "acme", "token", "refresh", org_id="00D000000000001AAA", instance_url="http://127.0.0.1:9"
    )
    row = settle(
        store,
        hand_over(store),
        CallState.DONE,
        "write.lead_created",
        trace={"steps": [["owner.unmapped_line", {"line": "2000"}]]},
        written={
            "task": "00T000000000001AAA",
            "records": [["Lead", "00Q000000000001AAA", True]],
        },
    )
    text = owner.get(f"/calls/{row.public_id}").text
    assert 'href="http://127.0.0.1:9/00Q000000000001AAA"' in text
    assert "00T000000000001AAA" in text
    assert "2000" in text
    assert "380444900123" in text


def test_long_codes_break_after_their_underscores(owner, store):
    told = {"code": "FIELD_CUSTOM_VALIDATION", "message": "<b> UniTalk_Id__c"}
    row = settle(store, hand_over(store), CallState.ATTENTION, "salesforce.refused", told)
    for path in ("/calls", f"/calls/{row.public_id}"):
        text = owner.get(path).text
        assert "FIELD_<wbr>CUSTOM_<wbr>VALIDATION" in text
        assert "&lt;b&gt; UniTalk_<wbr>Id__<wbr>c" in text


def test_an_external_line_is_written_as_a_number_for_people(owner, store):
    row = hand_over(store, outerNumber="380443334455")
    assert "+380 44 333 4455" in owner.get(f"/calls/{row.public_id}").text


def test_links_lead_into_lightning_when_it_is_salesforce(owner, store):
    store.connections.connected("acme", "t", "r", instance_url="https://acme.my.salesforce.com")
    row = settle(store, hand_over(store), CallState.DONE, written={"task": "00T1", "records": []})
    address = "https://acme.my.salesforce.com/lightning/r/Task/00T1/view"
    assert address in owner.get(f"/calls/{row.public_id}").text


def test_try_again_puts_one_call_back(owner, store):
    row = settle(store, hand_over(store), CallState.ATTENTION, "salesforce.refused", {"code": "X"})
    owner.get(f"/calls/{row.public_id}")
    answer = owner.post(f"/calls/{row.public_id}/again", htmx=True)
    assert answer.status_code == 200
    assert "every 2s" in answer.text
    assert store.ledger.get("acme", row.public_id).state == CallState.WAITING
    assert owner.post(f"/calls/{row.public_id}/again").status_code == 303


def test_try_all_again_that_failed_for_one_reason(owner, store):
    for n in (1, 2):
        settle(store, hand_over(store, dbid=n), CallState.ATTENTION, "salesforce.refused")
    owner.get("/calls")
    owner.post("/calls/again", reason="salesforce.refused")
    assert store.journal.count("acme", CallState.WAITING) == 2


def test_another_accounts_calls_do_not_exist(owner, store):
    row = hand_over(store, account="other")
    assert owner.get(f"/calls/{row.public_id}").status_code == 404
    assert owner.post(f"/calls/{row.public_id}/again").status_code == 404
    assert row.public_id not in owner.get("/calls").text


def test_nothing_that_telephony_sends_breaks_the_page(owner, store):
    row = hand_over(store, outerNumber="<script>\ud800", lastGroupName="‮x")
    page = owner.get(f"/calls/{row.public_id}")
    assert page.status_code == 200
    assert "<script>" not in page.text.partition("<main")[2]


def test_times_are_the_accounts(owner, store):
    row = hand_over(store, date="2026-07-01 00:30:00")
    assert row.started_at == datetime(2026, 6, 30, 21, 30, tzinfo=UTC)
    assert "00:30:00" in owner.get(f"/calls/{row.public_id}").text
    assert row.received_at > datetime.now(UTC) - timedelta(minutes=1)


def test_a_day_of_another_year_says_which(owner, store):
    hand_over(store, dbid=1, date="2025-07-01 10:00:00")
    hand_over(store, dbid=2, date=f"{datetime.now(UTC).year}-01-02 10:00:00")
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "en")
    text = owner.get("/calls").text
    assert "1 Jul 2025, 10:00" in text
    assert "2 Jan, 10:00" in text


def test_days_in_reasons_are_written_as_everywhere(owner, store):
    year = datetime.now(UTC).year
    steps = [
        ["task.open", {"due": f"{year}-11-24 17:23"}],
        ["opportunity.close_date", {"date": "2031-02-03"}],
    ]
    row = settle(store, hand_over(store), CallState.DONE, trace={"steps": steps})
    store.accounts.set_language(store.accounts.person_by_email("owner@acme.example").id, "ru")
    text = owner.get(f"/calls/{row.public_id}").text
    assert "24 нояб., 17:23" in text
    assert "3 февр. 2031" in text


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("380443334455", "+380 44 333 4455"),
        ("0443334455", "+380 44 333 4455"),
        ("2000", "2000"),
        ("site.ua", "site.ua"),
        ("Google Ads 2024", "Google Ads 2024"),
        ("call 380444900123", "call 380444900123"),
        ("", ""),
    ],
)
def test_an_external_line_is_a_number_or_a_name(line, shown):
    assert line_text(line, "UA") == shown


def test_the_page_tells_what_was_changed_on_the_way_in_before_and_after_delivery(owner, store):
    row = hand_over(store, link="rec/275", date="2026-11-22T14:58:52Z")
    text = owner.get(f"/calls/{row.public_id}").text
    assert "Ссылка на запись не сохранена" in text
    assert "16:58:52" in text and "14:58:52Z" in text
    steps = [["sent.link_unsafe", {}], ["task.no_key", {}]]
    settle(store, row, CallState.SKIPPED, "skip.off", trace={"steps": steps})
    assert owner.get(f"/calls/{row.public_id}").text.count("не сохранена") == 1
