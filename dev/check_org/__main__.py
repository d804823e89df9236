"""`make check-org`: the table to stdout, the progress to stderr, and how it went as exit code.

0: nothing differs. 1: something does, or rows are left. 2: it could not run, or was stopped.
"""

from __future__ import annotations

import os
import signal
import sys

import httpx

from core.salesforce.errors import SalesforceError
from core.salesforce.http import make_http
from dev.check_org.asking import Asked, Outcome, Verdict, ask_all
from dev.check_org.assertions import Assertion
from dev.check_org.login import CouldNotRun, log_in
from dev.check_org.org import Org
from dev.check_org.subjects import ASSERTIONS
from dev.check_org.table import counted, kind_of, markdown

PATIENCE = 180.0
"""Seconds to wait for the search index, at most."""


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGINT):  # a shell's background job ignores the latter
        signal.signal(number, signal.default_int_handler)
    outcome = Outcome()
    try:
        with make_http() as http:
            return _examine(http, outcome)
    except CouldNotRun as why:
        return _could_not_run(str(why))
    except KeyboardInterrupt:
        _say("")
        _say_what_is_left(outcome)
        return _could_not_run("Stopped before the end.")


def _examine(http: httpx.Client, outcome: Outcome) -> int:
    org = Org(log_in(os.environ, http), http, PATIENCE)
    try:
        org.identity_url  # noqa: B018  asks for it
    except (SalesforceError, LookupError, TypeError) as error:
        raise CouldNotRun(f"{org.login.access.instance_url} did not let us in: {error}") from error
    kind = kind_of(org)
    _say(f"{org.login.access.instance_url}: {kind}. Rows are called “{org.mark('…')}”.")
    ask_all(org, ASSERTIONS, outcome, Shown())
    print(markdown(kind, outcome))
    _say_what_is_left(outcome)
    _say(f"{counted(outcome)}.")
    return 1 if outcome.count(Verdict.DIFFERENT) or outcome.left else 0


class Shown:
    """The progress in the terminal, a line for each assertion; it begins before the answer."""

    def __init__(self) -> None:
        self._begun = 0

    def begins(self, assertion: Assertion) -> None:
        self._begun += 1
        line = f"{self._begun:>2}/{len(ASSERTIONS)} {assertion.sentence} …"
        print(line, end=" ", file=sys.stderr, flush=True)

    def ended(self, asked: Asked) -> None:
        _say(f"{asked.verdict}, {asked.milliseconds} ms")
        if asked.verdict is not Verdict.GOOD:
            _say(f"      {' '.join(asked.found.split())}")


def _say_what_is_left(outcome: Outcome) -> None:
    if outcome.left:
        _say("These rows could not be deleted:", *outcome.left)
    else:
        _say("Every row that was written is deleted.")


def _could_not_run(why: str) -> int:
    _say(why)
    return 2


def _say(*lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
