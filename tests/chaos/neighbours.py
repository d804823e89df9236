"""The last act: two orgs hang, and a call comes for each account. Nobody waits for a neighbour."""

from __future__ import annotations

from core.models import CallState
from core.store import Store
from tests.chaos.figures import Row, ledger
from tests.chaos.house import patiently
from tests.chaos.options import Options
from tests.chaos.orgs import Orgs
from tests.chaos.telephony import HANGING, Ring, Telephony

ASKED = 4
"""How often each of them is asked in vain, at most, while the others' calls are waited for."""
WAITED = "lone calls that waited for a neighbour whose org hung"
WRITTEN = "lone calls that were done while their own org hung"


def ring_while_two_hang(
    options: Options, orgs: Orgs, store: Store, telephony: Telephony, rings: list[Ring]
) -> dict[str, int]:
    """Returns what was wrong by the moment when the two answer again. `rings`: one for each
    account, all to be written."""
    hanging = orgs.accounts[:HANGING]
    for account in hanging:
        orgs.hang(account)
    telephony.ring(rings)
    telephony.begin()

    def is_over() -> bool:
        asked = min(orgs.hung())
        return asked >= ASKED or (asked > 0 and not judge(ledger(store), rings, hanging)[WAITED])

    patiently(is_over, options.settle)
    wrong = judge(ledger(store), rings, hanging)
    orgs.answer_again()
    return wrong


def judge(rows: list[Row], rings: list[Ring], hanging: list[str]) -> dict[str, int]:
    done = {(row.account, row.key) for row in rows if row.state == CallState.DONE}
    return {
        WAITED: sum(one.key not in done for one in rings if one.account not in hanging),
        WRITTEN: sum(one.key in done for one in rings if one.account in hanging),
    }
