"""The stand-in over real HTTP, and as a process of its own."""

import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

LEAD = {"LastName": "Ivanenko", "Company": "Acme"}


def test_a_write_may_be_committed_after_its_client_gave_up(server, minted):
    rule = {"kind": "commit_after_hang", "seconds": 600, "method": "POST"}
    httpx.post(f"{server}/__control__/faults", json=rule)
    leads = f"{server}/services/data/v66.0/sobjects/Lead"
    bearer = {"Authorization": f"Bearer {minted['access_token']}"}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(leads, json=LEAD, headers=bearer, timeout=0.1)
    stored = f"{server}/__control__/orgs/Acme/records/Lead"
    assert httpx.get(stored).json() == []
    httpx.delete(f"{server}/__control__/faults")
    deadline = time.monotonic() + 30
    while not (found := httpx.get(stored).json()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [lead["LastName"] for lead in found] == [LEAD["LastName"]]


def test_fifty_at_once(server, minted):
    headers = {"Authorization": f"Bearer {minted['access_token']}"}
    url = f"{server}/services/data/v66.0/sobjects/Lead"

    def create(number):
        body = {**LEAD, "UniTalk_Key__c": f"k{number % 25}"}
        return httpx.post(url, json=body, headers=headers, timeout=30).status_code

    with ThreadPoolExecutor(50) as pool:
        statuses = list(pool.map(create, range(50)))
    assert sorted(statuses) == [201] * 25 + [400] * 25


def test_replies_are_cut_on_the_wire(server, minted):
    headers = {"Authorization": f"Bearer {minted['access_token']}"}
    url = f"{server}/services/data/v66.0/sobjects/Lead"
    httpx.post(f"{server}/__control__/faults", json={"kind": "lost_reply"})
    with pytest.raises(httpx.TransportError):
        httpx.post(url, json=LEAD, headers=headers)
    stored = httpx.get(f"{server}/__control__/orgs/Acme/records/Lead").json()
    assert len(stored) == 1
    httpx.post(f"{server}/__control__/faults", json={"kind": "hang", "seconds": 1.0})
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(url, json=LEAD, headers=headers, timeout=0.2)


def start(folder, port="0"):
    command = [sys.executable, "-m", "sandbox", "--data", str(folder), "--port", port]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_the_process_says_one_line_and_goes_quietly(tmp_path, sign):
    process = start(tmp_path)
    line = process.stdout.readline()
    assert line.startswith("Stand-in org ready on http://127.0.0.1:")
    answer = httpx.get(line.split()[-1] + "/services/data")
    assert answer.status_code == 200
    process.send_signal(sign)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")


def test_a_port_in_use_is_one_clear_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        process = start(tmp_path, port)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert out == ""
    assert err.startswith(f"The stand-in org cannot use 127.0.0.1:{port}: ")
    assert len(err.splitlines()) == 1
