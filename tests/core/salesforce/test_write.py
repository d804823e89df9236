"""One write for many calls: what is sent, and the receipts."""

import httpx
import pytest

from core import reasons
from core.facts import Lessons
from core.plan import Create, Outcome, Plan, Receipt, Ref, Update, Verdict, Written
from core.reasons import Words
from core.salesforce.errors import ConnectionDead, Paused, SessionExpired, Transient
from core.salesforce.write import apply
from tests.core.salesforce.helpers.graphs import graphs, known_lead, new_lead, plan, task
from tests.core.salesforce.helpers.scripted import BASE, Salesforce, client_of, refused
from tests.core.salesforce.helpers.shapes import shape


def write(salesforce: Salesforce, *plans: Plan) -> list[Receipt]:
    return apply(client_of(salesforce), shape(), plans)


def verdicts(receipts: list[Receipt]) -> dict[int, Verdict]:
    return {receipt.call_id: receipt.verdict for receipt in receipts}


def test_a_new_lead_and_its_call() -> None:
    salesforce = Salesforce(graphs())
    (receipt,) = write(salesforce, new_lead(1))
    (graph,) = salesforce.body()["graphs"]
    assert str(salesforce.requests[0].url).endswith(f"{BASE}/composite/graph")
    assert graph["compositeRequest"] == [
        {
            "method": "POST",
            "url": f"{BASE}/sobjects/Lead",
            "referenceId": "lead1",
            "body": {
                "LastName": "+380501112233",
                "Company": "Unknown",
                "OwnerId": "005000000000001AAA",
            },
            "httpHeaders": {"Sforce-Auto-Assign": "FALSE"},
        },
        {
            "method": "POST",
            "url": f"{BASE}/sobjects/Task",
            "referenceId": "task1",
            "body": {
                "Subject": "Call",
                "WhoId": "@{lead1.id}",
                "UniTalk_Call_Id__c": "k1",
            },
        },
    ]
    assert receipt == Receipt(
        1,
        Verdict.DONE,
        task_id="id-of-task1",
        records=(
            Written("Lead", "id-of-lead1", created=True),
            Written("Task", "id-of-task1", created=True),
        ),
    )


def test_a_later_call_updates_what_an_earlier_one_creates() -> None:
    salesforce = Salesforce(graphs())
    update = Update("update_2", "Lead", Ref("lead1"), {"Rating": "Hot"})
    joining = plan(2, update, task(2, Ref("lead1")))
    first, second = write(salesforce, new_lead(1), joining)
    (graph,) = salesforce.body()["graphs"]
    node = graph["compositeRequest"][2]
    assert (node["method"], node["url"]) == ("PATCH", f"{BASE}/sobjects/Lead/@{{lead1.id}}")
    assert first.records[0] == Written("Lead", "id-of-lead1", created=True)
    assert second.records[0] == Written("Lead", "id-of-lead1", created=False)


def test_an_update() -> None:
    reopen = Update("deal1", "Opportunity", "006000000000001AAA", {"StageName": "New"})
    salesforce = Salesforce(graphs())
    (receipt,) = write(salesforce, plan(1, reopen, task(1, "003000000000001AAA")))
    node = salesforce.body()["graphs"][0]["compositeRequest"][0]
    assert (node["method"], node["url"]) == (
        "PATCH",
        f"{BASE}/sobjects/Opportunity/006000000000001AAA",
    )
    assert receipt.records[0] == Written("Opportunity", "006000000000001AAA", created=False)


def test_an_assignment_rule_never_takes_an_owner_away() -> None:
    update = Update("lead1", "Lead", "00Q000000000001EAA", {"Rating": "Hot"})
    ownerless = Create("lead2", "Lead", {"LastName": "x", "Company": "x"})
    contact = Create("contact3", "Contact", {"LastName": "x", "OwnerId": "005000000000001AAA"})
    salesforce = Salesforce(graphs())
    write(
        salesforce,
        plan(1, update, task(1, "00Q000000000001EAA"), number="+1"),
        plan(2, ownerless, task(2, Ref("lead2")), number="+2"),
        plan(3, contact, task(3, Ref("contact3")), number="+3"),
    )
    first, second, third = (g["compositeRequest"][0] for g in salesforce.body()["graphs"])
    assert first["httpHeaders"] == {"Sforce-Auto-Assign": "FALSE"}
    assert "httpHeaders" not in second
    assert "httpHeaders" not in third


def test_calls_of_one_number_share_a_graph_in_their_order() -> None:
    salesforce = Salesforce(graphs())
    receipts = write(
        salesforce,
        new_lead(1, "+1"),
        new_lead(2, "+2"),
        plan(3, task(3, Ref("lead1")), number="+1"),
    )
    sent = [
        [node["referenceId"] for node in graph["compositeRequest"]]
        for graph in salesforce.body()["graphs"]
    ]
    assert sent == [["lead1", "task1", "task3"], ["lead2", "task2"]]
    assert set(verdicts(receipts).values()) == {Verdict.DONE}
    assert sorted(verdicts(receipts)) == [1, 2, 3]


def test_text_cannot_become_a_reference() -> None:
    salesforce = Salesforce(graphs())
    write(salesforce, known_lead(1, Description="@{lead1.id} and @{x}"))
    body = salesforce.body()["graphs"][0]["compositeRequest"][0]["body"]
    assert body["Description"] == "@ {lead1.id} and @ {x}"


def test_only_plans_to_write_are_written() -> None:
    salesforce = Salesforce(graphs())
    skip = Plan(1, "k1", Outcome.SKIP, reasons.skip.internal())
    assert write(salesforce, skip) == []
    assert write(salesforce) == []
    assert salesforce.requests == []


def test_75_numbers_are_one_request_and_more_are_several() -> None:
    salesforce = Salesforce(graphs())
    assert len(write(salesforce, *(new_lead(n, f"+{n}") for n in range(75)))) == 75
    assert len(salesforce.requests) == 1
    assert len(write(salesforce, *(new_lead(n, f"+{n}") for n in range(151)))) == 151
    assert len(salesforce.requests) == 4


def test_no_request_has_more_than_500_nodes() -> None:
    salesforce = Salesforce(graphs())
    plans = [
        plan(n, *(Create(f"s{n}x{k}", "Task", {"Subject": "x"}) for k in range(11)), number=f"+{n}")
        for n in range(75)
    ]
    assert len(write(salesforce, *plans)) == 75
    sizes = [
        sum(len(graph["compositeRequest"]) for graph in salesforce.body(place)["graphs"])
        for place in range(len(salesforce.requests))
    ]
    assert max(sizes) <= 500
    assert sum(sizes) == 75 * 11


def test_one_bad_record_harms_nobody_else() -> None:
    salesforce = Salesforce(graphs(task2="FIELD_CUSTOM_VALIDATION_EXCEPTION"))
    receipts = write(salesforce, new_lead(1, "+1"), new_lead(2, "+2"))
    assert verdicts(receipts) == {1: Verdict.DONE, 2: Verdict.ATTENTION}
    assert receipts[1].reason == reasons.salesforce.refused(
        Words("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Own words")
    )


def test_neighbours_in_a_refused_graph_are_planned_again() -> None:
    salesforce = Salesforce(graphs(task2="REQUIRED_FIELD_MISSING"))
    receipts = write(salesforce, known_lead(1), known_lead(2), known_lead(3))
    assert verdicts(receipts) == {1: Verdict.AGAIN, 2: Verdict.ATTENTION, 3: Verdict.AGAIN}
    assert receipts[0].lessons == Lessons()
    assert receipts[0].reason == reasons.salesforce.halted()


def test_neighbours_learn_what_concerns_the_person_they_share() -> None:
    wrong = [{"errorCode": "STRING_TOO_LONG", "message": "", "fields": ["Source__c"]}]
    plans = (new_lead(1, Source__c="x" * 99), plan(2, task(2, Ref("lead1"))))
    receipts = write(Salesforce(graphs(lead1=wrong)), *plans)
    lesson = Lessons(leave_out_own=frozenset({"Lead.Source__c"}))
    assert [(r.verdict, r.lessons) for r in receipts] == [(Verdict.AGAIN, lesson)] * 2


def test_neighbours_learn_that_their_new_record_is_given_away_last() -> None:
    no_access = "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
    plans = (new_lead(1), plan(2, task(2, Ref("lead1"))))
    receipts = write(Salesforce(graphs(task1=no_access)), *plans)
    lesson = Lessons(lost_sight=frozenset({"Task.WhoId"}))
    assert [(r.verdict, r.lessons) for r in receipts] == [(Verdict.AGAIN, lesson)] * 2


def test_what_is_wrong_with_one_task_is_wrong_with_that_one_only() -> None:
    wrong = [{"errorCode": "STRING_TOO_LONG", "message": "", "fields": ["Note__c"]}]
    long = Create("task1", "Task", {"Note__c": "x" * 99}, own=frozenset({"Note__c"}))
    receipts = write(Salesforce(graphs(task1=wrong)), plan(1, long), known_lead(2))
    assert receipts[0].lessons == Lessons(leave_out_own=frozenset({"Task.Note__c"}))
    assert receipts[1].lessons == Lessons()


def test_a_locked_row_is_later_for_the_whole_graph() -> None:
    salesforce = Salesforce(graphs(task2="UNABLE_TO_LOCK_ROW"))
    receipts = write(salesforce, known_lead(1), known_lead(2), new_lead(3, "+3"))
    assert verdicts(receipts) == {1: Verdict.LATER, 2: Verdict.LATER, 3: Verdict.DONE}
    assert receipts[0].reason == receipts[1].reason
    assert receipts[0].reason.code == "salesforce.transient"


def test_a_full_store_in_one_graph_lets_the_others_through() -> None:
    receipts = write(
        Salesforce(graphs(lead1="STORAGE_LIMIT_EXCEEDED")), new_lead(1, "+1"), known_lead(2)
    )
    assert verdicts(receipts) == {1: Verdict.LATER, 2: Verdict.DONE}
    assert receipts[0].reason.code == "connection.storage"


def halted(*ids: int) -> dict[str, str]:
    return {f"task{n}": "PROCESSING_HALTED" for n in ids}


def test_graphs_behind_14_failures_go_again_at_once() -> None:
    failing = {f"task{n}": "REQUIRED_FIELD_MISSING" for n in range(14)} | halted(14, 15)
    receipts = write(Salesforce(graphs(**failing)), *(new_lead(n, f"+{n}") for n in range(16)))
    found = verdicts(receipts)
    assert {found[n] for n in range(14)} == {Verdict.ATTENTION}
    assert {found[14], found[15]} == {Verdict.AGAIN}


def test_all_halted_without_a_cause_is_later() -> None:
    assert verdicts(write(Salesforce(graphs(**halted(1))), known_lead(1))) == {1: Verdict.LATER}


def test_a_graph_that_the_answer_forgot_is_later() -> None:
    salesforce = Salesforce(httpx.Response(200, json={"graphs": []}))
    assert verdicts(write(salesforce, known_lead(1))) == {1: Verdict.LATER}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403), Paused),
        (refused("STORAGE_LIMIT_EXCEEDED", status=403), Paused),
        (refused("API_DISABLED_FOR_ORG", status=403), ConnectionDead),
        (refused("INVALID_SESSION_ID", status=401), SessionExpired),
        (refused("SERVER_UNAVAILABLE", status=503), Transient),
        (httpx.Response(200, json={"unexpected": 1}), Transient),
        (httpx.ReadTimeout("lost"), Transient),
    ],
)
def test_what_concerns_the_whole_org_is_raised(
    answer: httpx.Response | Exception, kind: type
) -> None:
    with pytest.raises(kind):
        write(Salesforce(answer), known_lead(1))


def test_trouble_after_the_first_of_several_requests_loses_no_receipt() -> None:
    salesforce = Salesforce(graphs(), httpx.ReadTimeout("lost"))
    receipts = write(salesforce, *(new_lead(n, f"+{n}") for n in range(80)))
    found = verdicts(receipts)
    assert [found[n] for n in (0, 74, 75, 79)] == [
        Verdict.DONE,
        Verdict.DONE,
        Verdict.LATER,
        Verdict.LATER,
    ]
    assert receipts[-1].reason.code == "salesforce.transient"


def test_one_graph_that_spoils_the_envelope_stands_alone() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if b"task3" in request.content:
            return refused("JSON_PARSER_ERROR", "Unexpected")
        return graphs()(request)

    receipts = write(Salesforce(answer), *_five())
    found = verdicts(receipts)
    assert found.pop(3) is Verdict.ATTENTION
    assert set(found.values()) == {Verdict.DONE}
    assert len(found) == 4


def _five() -> list[Plan]:
    return [new_lead(n, f"+{n}") for n in range(5)]
