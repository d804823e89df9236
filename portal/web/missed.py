"""Who waits to be called back in the account of a request: the navigation counts them."""

from __future__ import annotations

from collections.abc import Sequence

from core.store.loops import Group
from portal.web.once import once
from portal.web.services import store
from portal.web.who import current_account


def missed_groups() -> Sequence[Group]:
    """Read once a request."""
    return once("missed_groups", lambda: store().loops.groups(current_account().id))
