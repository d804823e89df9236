"""What stands in addresses and forms cannot be guessed: no row's number leaves the database."""

import re
import sqlite3
from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Column
from werkzeug.routing import IntegerConverter
from werkzeug.test import TestResponse

from core.config import Config
from core.models import Base
from core.store import Store
from core.store.policies import Actor
from portal.signin.passwords import hash_password
from tests.portal.helpers.accounts import ACME
from tests.portal.helpers.calls import hand_over
from tests.portal.helpers.client import Visitor
from tests.portal.helpers.orgs import edit, furnish

FIRST = 70_000_000
NUMBERED = re.compile(r"(?<!\d)700000\d\d(?!\d)")
ADDRESS = re.compile(r'(?:href|action|hx-get|hx-post)="(/[^"#]*)')
OFFERS = re.compile(r"/a/[^/]+/salesforce/(org/users|org/fields/|general/time_zones)")
"""Parts of a page: what long lists offer."""
STARTS = ("/salesforce", "/salesforce/history", "/calls", "/keys", "/people", "/access", "/me")
PASSWORD = "long-enough-12"


def number_from(first: int, config: Config) -> None:
    """A row with this number in each table: what comes next gets numbers that are recognised."""
    with sqlite3.connect(config.database_url.removeprefix("sqlite:///")) as raw:
        for table in Base.metadata.sorted_tables:
            if "id" in table.c and table.c.id.type.python_type is int:
                row = {one.name: first if one.name == "id" else some(one) for one in table.c}
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" * len(row))
                raw.execute(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", [*row.values()])


def some(column: Column) -> object:
    if column.nullable:
        return None
    values = {int: 0, bool: 0, float: 0, datetime: "2026-01-01 00:00:00", dict: "{}", list: "[]"}
    return values.get(column.type.python_type, f"of no account: {column.name}"[:16])


def test_no_address_takes_a_number(app: Flask):
    converters = {
        (rule.rule, name)
        for rule in app.url_map.iter_rules()
        for name, converter in rule._converters.items()
        if isinstance(converter, IntegerConverter)
    }
    assert converters == set()


def test_no_page_tells_a_rows_number(app: Flask, config: Config, store: Store):
    number_from(FIRST, config)
    person = store.accounts.add_person("new@acme.example", "New", hash_password(PASSWORD))
    assert person.id > FIRST
    store.accounts.join("acme", person.id, "owner")
    furnish(store)
    edit(store, close_in_days=7)
    staff = store.accounts.person_by_email("support@acme.example").id
    here = store.visits.open("acme", person.id, staff, "a session", "why")
    store.audit.note("acme", Actor(person.id, staff), "view", {"path": "/calls"}, here.id)
    for number in range(1, 55):
        hand_over(store, dbid=number)
    store.accounts.issue_key("acme")
    visitor = Visitor(app)
    visitor.sign_in("new@acme.example", PASSWORD)
    told, seen = [], set()
    todo = list(STARTS)
    while todo:
        address = todo.pop()
        answer = visitor.get(address, htmx=OFFERS.match(address) is not None)
        told += [(address, found) for found in NUMBERED.findall(everything(answer))]
        shown = {one.replace("&amp;", "&") for one in ADDRESS.findall(answer.text)}
        new = {one for one in shown if kind(one) not in seen and reads(app, one)}
        seen |= {kind(one) for one in new}
        todo += new
    assert told == []
    assert {f"{ACME}/calls/?", f"{ACME}/access/visits/?", f"{ACME}/calls?after"} <= seen


def everything(answer: TestResponse) -> str:
    return f"{answer.headers}\n{answer.text}"


def kind(address: str) -> str:
    """Addresses that differ in names only are read once."""
    parts = urlsplit(address)
    path = re.sub(r"/[\w-]{22}(?=/|$)", "/?", parts.path)
    names = "&".join(re.findall(r"(?:^|&)(\w+)=", parts.query))
    return f"{path}?{names}" if names else path


def reads(app: Flask, address: str) -> bool:
    path = urlsplit(address).path
    if path.startswith("/static"):
        return False
    return bool(app.url_map.bind("localhost").test(path, "GET"))
