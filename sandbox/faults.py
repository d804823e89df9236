"""Faults injected on purpose: which, how often, where. Kept in memory, gone with the process."""

import random
import re
import threading
from dataclasses import dataclass
from typing import Any

from sandbox.errors import SalesforceError

# Faults of a whole request, before it is served.
BEFORE = {"unavailable", "empty", "cut", "hang", "expired_session", "limit", "server_error"}
# The request is served and committed; only the answer never arrives.
AFTER = {"lost_reply", "hang_after_commit", "commit_after_hang"}
# Of the token endpoint.
FOR_TOKENS = {"cut", "unavailable", "lost_reply", "refused"}
# Faults of one written record.
WRITE = {"lock", "error"}
KINDS = BEFORE | AFTER | WRITE | FOR_TOKENS


@dataclass
class Fault:
    """One rule.

    times: how often it strikes, None for ever. probability: of striking when it could.
    org: an org's id; object: for write faults; path: regular expression on the path.
    seconds: for hangs. code, message, status: of an `error`, or of a `refused` token request.
    """

    kind: str
    times: int | None = 1
    probability: float = 1.0
    org: str | None = None
    object: str | None = None
    path: str | None = None
    method: str | None = None
    seconds: float = 30.0
    code: str = "UNKNOWN_EXCEPTION"
    message: str = "An unexpected error occurred."
    status: int | None = None
    struck: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such fault: {self.kind}; there are {', '.join(sorted(KINDS))}")

    def fits(self, org_id: str, method: str, path: str) -> bool:
        """Whether it may strike a request; the token endpoint only when `path` names it."""
        if path.startswith("/services/oauth2") and self.path is None:
            return False
        return (
            self.times != 0
            and self.org in {None, org_id}
            and self.method in {None, method}
            and (self.path is None or re.search(self.path, path) is not None)
        )


class Faults:
    """The rules in force, tried in the order they were added."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._random = random.Random(0)  # noqa: S311 - repeatable on purpose
        self._lock = threading.Lock()
        self._cleared = threading.Event()

    def add(self, fault: Fault) -> None:
        """Put a rule in force."""
        with self._lock:
            self._rules.append(fault)

    def clear(self, seed: int = 0) -> None:
        """Remove every rule, end what hangs, and start the random numbers anew."""
        with self._lock:
            self._rules.clear()
            self._cleared.set()
            self._cleared = threading.Event()
            self._random = random.Random(seed)  # noqa: S311

    def hang(self, fault: Fault) -> None:
        """Wait for the fault's seconds, or until faults are cleared."""
        self._cleared.wait(fault.seconds)

    def all(self) -> list[Fault]:
        """The rules, with how often each struck."""
        return list(self._rules)

    def strike(self, kinds: set[str], org_id: str, method: str, path: str) -> Fault | None:
        """The rule of these kinds that strikes this request, its count taken."""
        return self._take(lambda f: f.kind in kinds and f.fits(org_id, method, path))

    def before_write(self, org_id: str, method: str, path: str, name: str) -> None:
        """Raise the SalesforceError of a write fault that strikes this object."""
        fault = self._take(
            lambda f: f.kind in WRITE and f.fits(org_id, method, path) and f.object in {None, name}
        )
        if fault is None:
            return
        if fault.kind == "lock":
            raise SalesforceError(
                "UNABLE_TO_LOCK_ROW",
                "unable to obtain exclusive access to this record or 1 records",
                fields=[],
            )
        raise SalesforceError(fault.code, fault.message, fields=[], status=fault.status)

    def _take(self, fits: Any) -> Fault | None:
        with self._lock:
            for rule in self._rules:
                if fits(rule) and self._random.random() < rule.probability:
                    rule.struck += 1
                    rule.times = None if rule.times is None else rule.times - 1
                    return rule
        return None
