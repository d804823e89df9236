"""Every reason a customer can read, each declared once: code, parameters, English sentence.

    @reason("Logged on lead “{name}”.")        in core/reasons/write.py
    def lead_found(name: str) -> None: ...

    reasons.write.lead_found(name="Olena")     a `Reason` whose code is `write.lead_found`

`core.texts` says them; their translations stand in core/translations.
"""

from core.reasons import (
    already,
    app,
    connection,
    contact,
    delivery,
    field,
    hold,
    loop,
    opportunity,
    own,
    owner,
    person,
    preflight,
    salesforce,
    sent,
    skip,
    task,
    test_call,
    write,
)
from core.reasons.declare import DECLARED, Cause, Reason, Words, as_columns, said_only, stored

__all__ = [
    "DECLARED",
    "Cause",
    "Reason",
    "Words",
    "already",
    "app",
    "as_columns",
    "connection",
    "contact",
    "delivery",
    "field",
    "hold",
    "loop",
    "opportunity",
    "own",
    "owner",
    "person",
    "preflight",
    "said_only",
    "salesforce",
    "sent",
    "skip",
    "stored",
    "task",
    "test_call",
    "write",
]
