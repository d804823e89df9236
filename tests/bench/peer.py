"""What people would write instead: an RQ job for each call, simple-salesforce with a kept session,
search → create → task. `python -m tests.bench.peer default|simple QUEUE` is its worker.

Nothing is kept that was not asked for: no ledger, no order, no second attempt, no rules.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib import import_module
from typing import Any

import requests
from redis import Redis
from requests.adapters import HTTPAdapter
from rq import SimpleWorker, Worker
from rq.serializers import JSONSerializer
from simple_salesforce import Salesforce

from core.objects import CALL_KEY
from tests.bench.doors import open_queue

QUEUE, ACCOUNT = "peer", "backlog"
WORKERS = {"default": Worker, "simple": SimpleWorker}


class PlainHttp(HTTPAdapter):
    """simple-salesforce always says https; the thin org listens without TLS."""

    def send(self, request: Any, *arguments: Any, **options: Any) -> Any:
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, *arguments, **options)


@cache
def salesforce(account: str) -> Salesforce:
    """With a session that is kept: one connection for many requests."""
    session = requests.Session()
    session.mount("https://", PlainHttp())
    return Salesforce(
        session_id=account, instance_url=os.environ["SALESFORCE_LOGIN_URL"], session=session
    )


def log_call(account: str, event: dict[str, Any]) -> str:
    """The job."""
    org, call = salesforce(account), event["call"]
    phone = f"+{call['from']}"
    found = org.query(f"SELECT Id FROM Lead WHERE Phone = '{phone}'")["records"]
    if found:
        lead = found[0]["Id"]
    else:
        lead = org.Lead.create({"LastName": phone, "Company": phone, "Phone": phone})["id"]
    task = {"WhoId": lead, "Subject": "Call", "Status": "Completed", "Description": call["link"]}
    org.Task.create({**task, "TaskSubtype": "Call", CALL_KEY: str(call["dbid"])})
    return "done"


def main(kind: str, queue: str) -> None:
    # A worker that forks would import and open all of it anew for each job.
    import_module("tests.bench.peer").salesforce(ACCOUNT)
    redis = Redis.from_url(os.environ["REDIS_URL"])
    worker = WORKERS[kind]([open_queue(queue, redis)], connection=redis, serializer=JSONSerializer)
    worker.work(logging_level="WARNING")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
