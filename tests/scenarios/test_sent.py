"""What an event carries besides never costs the call, and what was changed begins its trace."""

from core.reasons import stored
from tests.helpers.events import CLIENT, event, internal


def codes(row):
    return [code for code, _ in row.trace["steps"]]


def test_a_written_call_tells_what_was_changed_and_then_what_was_decided(world):
    world.plant("Lead", LastName="L", Company="C", Phone=CLIENT)
    sent = event(
        dbid=1, date="2026-07-09T23:30:00Z", state="NOANSWER", secondsTalk=12, link="rec/275"
    )
    world.connect().hand_over(sent).deliver()
    task = world.one("Task")
    assert (task["CallDurationInSeconds"], task["ActivityDate"]) == (0, "2026-07-10")
    assert "10" in task["Description"] and "02:30:00" in task["Description"]
    changes = ["sent.talk_unanswered", "sent.date_converted", "sent.link_unsafe"]
    assert codes(world.call(1))[:3] == changes
    assert world.call(1).started_at.isoformat() == "2026-07-09T23:30:00+00:00"


def test_a_skipped_and_a_held_call_tell_it_too(world):
    world.connect().hand_over(internal(dbid=1, lastGroupName=["Sales"])).deliver()
    world.store.connections.died("acme", stored("connection.refresh_refused", {}))
    world.hand_over(event(dbid=2, secondsTalk=20)).deliver()
    assert codes(world.call(1)) == ["sent.no_text"]
    assert codes(world.call(2)) == ["sent.talk_too_long"]


def test_a_group_with_a_broken_byte_is_written_as_far_as_it_goes(world):
    own = {"object": "Task", "field": "CallDisposition", "template": "{group}", "when": "create"}
    world.connect(own_fields=(own,))
    world.hand_over(event(dbid=1, lastGroupName="Прода\ufffd")).deliver()
    assert world.one("Task")["CallDisposition"] == "Прода\ufffd"
    assert codes(world.call(1))[0] == "sent.unreadable"
