"""`python -m tests.bench.org PORT`: any number of orgs; an access token is an org's name.

GET  /control        connections, processor seconds, requests
GET  /control/ORG    what it holds (`?brief`: without its Tasks)
POST /control        {"latency": seconds, "closed": whether answers wait until it is false,
                      "hang": [orgs without an answer], "drop": key of a call whose Task is lost}
POST /control/reset  nothing came; POST /control/ORG/forget  nothing came there
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import defaultdict
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

from tests.bench.org.http import Answer, Request, serve
from tests.bench.org.look import Look
from tests.bench.org.records import Records

HELD = (" FROM Lead ", " FROM Contact ", " FROM Opportunity ", " FROM Task ")
"""Queries about what it holds; others ask what it looks like."""


class Orgs:
    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._look = Look()
        self._orgs: defaultdict[str, Records] = defaultdict(Records)
        self._latency = 0.0
        self._gate: asyncio.Future[None] | None = None
        self._never: asyncio.Future[None] | None = None
        self._hanging: frozenset[str] = frozenset()
        self._dropped = ""
        self.connections = 0

    def answer(self, request: Request) -> Answer:
        if request.path.startswith("/control"):
            return Answer(self._control(request))
        if request.path.startswith("/services/oauth2/token"):
            return Answer(self._token(request.body), after=self._latency)
        if not request.token:  # the versions, which nobody needs a token for
            return Answer(b"[]")
        org = self._orgs[request.token]
        org.requests += 1
        org.began = org.began or time.time()
        if request.token in self._hanging:
            return Answer(b"", gate=self._never)

        def sent(seconds: float) -> None:
            org.busy += seconds

        status, body = self._serve(org, request)
        return Answer(body, status, self._latency, self._gate, sent)

    def _serve(self, org: Records, request: Request) -> tuple[int, bytes]:
        at = time.time() + self._latency
        path = request.path.partition("?")[0].rstrip("/")
        if path.endswith("/composite/graph"):
            graphs = json.loads(request.body)["graphs"]
            written = [org.write(graph, at, self._dropped) for graph in graphs]
            return 200, json.dumps({"graphs": written}).encode()
        if path.endswith("/composite"):
            asked = json.loads(request.body)["compositeRequest"]
            return 200, b'{"compositeResponse":[%s]}' % b",".join(self._part(org, p) for p in asked)
        if request.method == "GET":
            return 200, self._read(org, request.path)
        record = org.create(path.rpartition("/")[2], json.loads(request.body), at)
        return 201, json.dumps({"id": record, "success": True, "errors": []}).encode()

    def _part(self, org: Records, part: dict[str, Any]) -> bytes:
        return b'{"body":%s,"httpHeaders":{},"httpStatusCode":200,"referenceId":"%s"}' % (
            self._read(org, part["url"]), part["referenceId"].encode(),
        )  # fmt: skip

    def _read(self, org: Records, url: str) -> bytes:
        soql = unquote_plus(url.partition("?q=")[2])
        if any(name in soql for name in HELD):
            return json.dumps(org.query(soql)).encode()
        return self._look.answer(url)

    def _token(self, body: bytes) -> bytes:
        org = parse_qs(body.decode())["refresh_token"][0]
        token = {
            "access_token": org,
            "instance_url": self._origin,
            "id": f"{self._origin}/id/00D000000000001EAA/{self._look.user}",
            "token_type": "Bearer",
        }
        return json.dumps(token).encode()

    def _control(self, request: Request) -> bytes:
        parts = urlsplit(request.path)
        name = parts.path.removeprefix("/control").strip("/")
        if request.method == "GET" and name:
            return self._orgs[name].told(whole=parts.query != "brief")
        if name == "reset":
            self._orgs.clear()
            self._latency, self._gate, self._hanging = 0.0, None, frozenset()
        elif name.endswith("/forget"):
            self._orgs.pop(name.partition("/")[0], None)
        elif request.method == "POST":
            self._choose(json.loads(request.body))
        told = {
            "connections": self.connections,
            "cpu": time.process_time(),
            "count": sum(len(org.tasks) for org in self._orgs.values()),
            "began": min((org.began for org in self._orgs.values() if org.began), default=0),
            "last": max((org.tasks[-1][2] for org in self._orgs.values() if org.tasks), default=0),
            "requests": sum(org.requests for org in self._orgs.values()),
            "user": self._look.user,
        }
        return json.dumps(told).encode()

    def _choose(self, chosen: dict[str, Any]) -> None:
        self._latency = chosen.get("latency", self._latency)
        self._hanging = frozenset(chosen.get("hang", self._hanging))
        self._dropped = chosen.get("drop", self._dropped)
        self._never = self._never or asyncio.get_running_loop().create_future()
        if chosen.get("closed"):
            self._gate = asyncio.get_running_loop().create_future()
        elif self._gate is not None:
            self._gate.set_result(None)
            self._gate = None
            for org in self._orgs.values():
                org.began = time.time() if org.began else 0.0


if __name__ == "__main__":
    asyncio.run(serve(Orgs(f"http://127.0.0.1:{sys.argv[1]}"), int(sys.argv[1])))
