"""The whole way, as a newcomer goes it: sign in, connect, switch on, a call through each door."""

import json
import re
import subprocess
import sys
import urllib.request

import pytest
import redis
from playwright.sync_api import expect
from rq import Queue
from rq.serializers import JSONSerializer

from tests.helpers.events import event, missed
from tests.helpers.running import ROOT

FIRST, SECOND = "380501110001", "380501110002"


def sign_in(page, run):
    page.goto(run.portal)
    page.locator("input[type=email]").fill("demo@unitalk.example")
    page.locator("input[type=password]").fill("demo-unitalk")
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("heading", name="Salesforce", exact=True)).to_be_visible()


def connect(page, run):
    """Log in to the stand-in as Anna, and allow access."""
    page.locator("form[action$='/salesforce/connect'] button[type=submit]").first.click()
    page.wait_for_url(f"{run.org}/services/oauth2/authorize?*")
    page.get_by_role("button", name=re.compile("Anna")).first.click()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/a/*/salesforce")
    expect(page.get_by_text("anna@acme.example").first).to_be_visible()


def switch_on(page):
    """The blocks of settings appear only then."""
    leads = page.locator("input[type=radio][value=leads]")
    expect(leads).to_have_count(0)
    page.get_by_role("switch").first.click()
    expect(leads).to_be_checked()


def through_rq(run, one):
    """Telephony's one line."""
    with redis.Redis.from_url(run.queue) as connection:
        queue = Queue("calls", connection=connection, serializer=JSONSerializer)
        queue.enqueue("worker.jobs.log_call", "demo", one)


def through_http(run, one):
    key = (run.data / "demo-intake-key").read_text().strip()
    request = urllib.request.Request(
        f"{run.portal}/api/calls",
        json.dumps(one).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 202


def written(number):
    """The number, however it is spaced."""
    return re.compile(r"\D*".join(number))


def expect_in_org(page, run, number, subject):
    """The lead with its call, as a person finds it in the org's pages."""
    page.goto(run.org)
    page.get_by_role("link", name="Leads").first.click()
    page.get_by_role("link", name=written(number)).first.click()
    expect(page.get_by_text(re.compile(f"{subject}.*{number}")).first).to_be_visible()


def expect_in_journal(page, run, number):
    page.goto(f"{run.portal}/calls")
    row = page.get_by_role("link", name=written(number)).first
    expect(row).to_be_visible()
    row.click()
    expect(page.locator("main")).to_contain_text(written(number))


@pytest.mark.parametrize("door", ["rq", "http"])
def test_a_demo_call_from_the_shell_stands_in_the_journal(page, run, door):
    number = {"rq": "380671110001", "http": "380671110002"}[door]
    command = ["-m", "dev.demo_call", "--kind", "missed", "--door", door, "--number", number]
    subprocess.run([sys.executable, *command], cwd=ROOT, env=run.variables, check=True)
    page.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    sign_in(page, run)
    expect_in_journal(page, run, number)


def test_from_sign_in_to_the_journal(page, run):
    page.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    sign_in(page, run)
    connect(page, run)
    switch_on(page)
    through_rq(run, event(dbid=1, **{"from": FIRST}))
    through_http(run, missed(dbid=2, **{"from": SECOND}))
    page.goto(f"{run.portal}/calls")
    expect(page.locator("tbody .pill-good")).to_have_count(2)
    expect_in_journal(page, run, FIRST)
    expect_in_journal(page, run, SECOND)
    expect_in_org(page, run, FIRST, "Входящий звонок")
    expect_in_org(page, run, SECOND, "Пропущенный звонок")
