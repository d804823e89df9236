"""`python -m dev.check_org`, a process before a stand-in that listens."""

import os
import signal
import subprocess
import sys
import threading
import time

import httpx
import pytest
from werkzeug import Response, serving

from core import ROOT
from dev.check_org.subjects import ASSERTIONS
from sandbox import create_app
from sandbox.server import make_server
from tests.dev.check_org.helpers.rig import KEY, SECRET, connected_app, marked_in, prepare


@pytest.fixture
def org(tmp_path):
    made = make_server(create_app(tmp_path, apps=[connected_app()]), "127.0.0.1", 0)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    org = Listening(f"http://127.0.0.1:{made.server_port}")
    prepare(org.control)
    yield org
    org.control("DELETE", "/faults")
    made.shutdown()
    thread.join()
    made.server_close()


class Listening:
    """The stand-in at its address, and the command before it."""

    def __init__(self, url):
        self.url = url
        self.given = self.control("POST", "/connections", {"client_id": KEY, "org": "Acme"})

    def control(self, method, path, body=None):
        answer = httpx.request(method, f"{self.url}/__control__{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def marked(self):
        return marked_in(lambda name: self.control("GET", f"/orgs/Acme/records/{name}"))

    def start(self, **login):
        variables = {k: v for k, v in os.environ.items() if not k.startswith("ORG_")}
        return subprocess.Popen(
            [sys.executable, "-m", "dev.check_org"],
            cwd=ROOT,
            env=variables | {"ORG_URL": self.url} | login,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, **login):
        """Exit code, table, progress."""
        process = self.start(**login)
        table, progress = process.communicate()
        return process.returncode, table, progress


def test_by_key_and_secret_it_prints_a_table_and_keeps_the_secret(org):
    code, table, progress = org.run(ORG_KEY=KEY, ORG_SECRET=SECRET)
    lines = table.splitlines()
    assert code == 0, progress
    assert f", {len(ASSERTIONS)} " not in lines[0]
    assert "0 different" in lines[0]
    assert [line.split(" | ")[0] for line in lines[4:]] == [f"| {a.sentence}" for a in ASSERTIONS]
    assert {line.count("|") for line in lines[2:]} == {7}
    assert f"{len(ASSERTIONS)}/{len(ASSERTIONS)}" in progress
    assert "Every row that was written is deleted." in progress
    assert SECRET not in table + progress
    assert org.marked() == []


def test_by_a_token_what_a_token_cannot_do_is_not_called_good(org):
    token = org.given["access_token"]
    code, table, progress = org.run(ORG_TOKEN=token)
    assert code == 0, progress
    [renewals] = [line for line in table.splitlines() if "renewals" in line]
    assert "the log-in has no key and secret" in renewals
    assert "could not be asked" in renewals
    assert token not in table + progress


def test_a_difference_shows_in_the_exit_code(org):
    org.control("PATCH", "/orgs/Acme/settings", {"hidden_fields": ["Contact.AssistantPhone"]})
    code, table, progress = org.run(ORG_KEY=KEY, ORG_SECRET=SECRET)
    assert code == 1
    assert "1 different" in table.splitlines()[0]
    assert "all but Contact.AssistantPhone" in progress


@pytest.mark.parametrize(
    ("login", "said"),
    [
        ({"ORG_URL": ""}, "Say which org"),
        ({"ORG_KEY": KEY}, "Say which org"),
        ({"ORG_URL": "https://example.com", "ORG_TOKEN": "t"}, "not an org's My Domain"),
        ({"ORG_URL": "https://login.salesforce.com", "ORG_TOKEN": "t"}, "the org's My Domain"),
        ({"ORG_URL": "http://127.0.0.1:9", "ORG_TOKEN": "t"}, "did not let us in"),
        ({"ORG_TOKEN": "wrong-token"}, "Session expired or invalid"),
        ({"ORG_KEY": KEY, "ORG_SECRET": "wrong-secret"}, "invalid client credentials"),
    ],
)
def test_without_a_good_login_it_says_what_is_wrong(org, login, said):
    code, table, progress = org.run(**login)
    assert (code, table) == (2, "")
    assert said in progress
    assert "Traceback" not in progress
    assert "wrong-token" not in progress
    assert "wrong-secret" not in progress


@pytest.mark.parametrize("body", ["{}", "[]"])
def test_an_org_that_does_not_say_who_we_are_is_not_asked(org, body):
    other = serving.make_server("127.0.0.1", 0, Response(body, mimetype="application/json"))
    thread = threading.Thread(target=other.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{other.server_port}"
    code, table, progress = org.run(ORG_URL=url, ORG_TOKEN="t")
    other.shutdown()
    thread.join()
    other.server_close()
    assert (code, table) == (2, "")
    assert "did not let us in" in progress
    assert "Traceback" not in progress


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_when_it_is_stopped_it_leaves_nothing_behind(org, number):
    org.control("POST", "/faults", {"kind": "hang", "path": "/search", "seconds": 600})
    process = org.start(ORG_KEY=KEY, ORG_SECRET=SECRET)
    until(org.marked)
    process.send_signal(number)
    table, progress = process.communicate()
    assert (process.returncode, table) == (2, "")
    assert "Every row that was written is deleted." in progress
    assert progress.splitlines()[-1] == "Stopped before the end."
    assert org.marked() == []


def test_what_cannot_be_deleted_is_named(org):
    org.control("POST", "/faults", {"kind": "lock", "method": "DELETE", "times": None})
    code, _, progress = org.run(ORG_KEY=KEY, ORG_SECRET=SECRET)
    named = progress.partition("These rows could not be deleted:")[2]
    assert code == 1
    assert org.marked()
    assert all(f"{one.split()[1]}: UNABLE_TO_LOCK_ROW" in named for one in org.marked())


def test_what_a_killed_run_left_the_next_one_deletes(org):
    left = {"LastName": "UniTalk check-org 000000 killed", "Company": "Left"}
    org.control("POST", "/orgs/Acme/records/Lead", left)
    assert org.run(ORG_KEY=KEY, ORG_SECRET=SECRET)[0] == 0
    assert org.marked() == []


def until(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
