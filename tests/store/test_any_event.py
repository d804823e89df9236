"""Whatever a door hands over is taken, or refused by what the call cannot do without."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.events import BadEvent
from core.intake import Intake, accept
from tests.helpers.calls import Nobody
from tests.helpers.events import event

NEEDED = {"event", "call", "dbid", "id", "from", "to", "direction", "date", "state"}
NAMES = st.sampled_from([
    *event()["call"], "event", "call", "call_id", "call_to[]", "call[to][0]", "call.from", "to.1",
]) | st.text(max_size=5)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=12,
)

CALL_NAMES = st.sampled_from(sorted(event()["call"]))
UNSEEN = st.text(st.sampled_from(" \t\n\0\u200b\ufeff\u00a0;"), max_size=2)


@st.composite
def events(draw: st.DrawFn) -> Any:
    """Anything; a good event with some of its fields replaced; or either as JSON in a text."""
    made: Any = draw(ANYTHING)
    if draw(st.booleans()):
        made = event(**draw(st.dictionaries(NAMES, ANYTHING, max_size=3)))
        made |= draw(st.dictionaries(NAMES, ANYTHING, max_size=1))
    return json.dumps(made) if draw(st.booleans()) else made


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(st.tuples(UNSEEN, UNSEEN), st.dictionaries(CALL_NAMES, ANYTHING, max_size=3))
def test_a_finished_call_is_never_forgotten(store, around, changes):
    sent = {**event(**changes), "event": "CALL_END".join(around)}
    try:
        assert accept(store, Nobody(), "acme", sent) is not Intake.NOT_FINAL
    except BadEvent as refused:
        assert refused.field.removeprefix("call.") in NEEDED


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(events())
def test_any_event_is_taken_or_told_what_the_call_cannot_do_without(store, sent):
    try:
        taken = accept(store, Nobody(), "acme", sent)
    except BadEvent as refused:
        assert refused.field.removeprefix("call.").removeprefix("call_") in NEEDED
    else:
        assert taken in Intake
