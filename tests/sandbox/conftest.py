"""A stand-in org of its own for each test, and a connected client of it."""

import base64
import hashlib
import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from sandbox import ConnectedApp, create_app
from sandbox.server import make_server

SCOPES = ("api", "id", "refresh_token", "openid")
APP = ConnectedApp("key-1", "secret-1", "UniTalk", ("http://portal.test/callback",), SCOPES)
VERIFIER = "v" * 64
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


@pytest.fixture
def app(tmp_path):
    made = create_app(tmp_path / "orgs", apps=[APP])
    yield made
    made.extensions["sandbox"].storage.close()


@pytest.fixture
def browser(app):
    return app.test_client()


def authorize_url(**changes):
    given = {
        "response_type": "code",
        "client_id": APP.client_id,
        "redirect_uri": APP.callback_urls[0],
        "scope": "api id refresh_token",
        "state": "st/1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    given = {k: v for k, v in given.items() if v is not None}
    return "/services/oauth2/authorize?" + urlencode(given)


def press(browser, page, path, **fields):
    """Press a button on a page: its carried field and what the button says."""
    carry = re.search(r'name="carry" value="([^"]+)"', page.text).group(1)
    return browser.post(path, data={"carry": carry, **fields})


def log_in(browser, app, username="anna@acme.example", **changes):
    """From authorize through the login to whatever comes next."""
    page = browser.get(authorize_url(**changes))
    found = app.extensions["sandbox"]
    for org in found.orgs.all():
        for user in found.rows.find(org, "User", Username=username):
            return press(browser, page, "/services/oauth2/login", org=org.id, user=user["Id"])
    raise AssertionError(f"no user {username}")


def get_code(browser, app, username="anna@acme.example", **changes):
    """A code, by log in and Allow."""
    answer = log_in(browser, app, username, **changes)
    if answer.status_code == 200:
        answer = press(browser, answer, "/services/oauth2/consent", allow="1")
    assert answer.status_code == 302, answer.text
    return parse_qs(urlsplit(answer.location).query)["code"][0]


def token_request(browser, **form):
    given = {"client_id": APP.client_id, "client_secret": APP.client_secret, **form}
    return browser.post(
        "/services/oauth2/token", data={k: v for k, v in given.items() if v is not None}
    )


def exchange(browser, code, /, **changes):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": APP.callback_urls[0],
        "code_verifier": VERIFIER,
        **changes,
    }
    return token_request(browser, **form)


@dataclass
class Client:
    """REST with an access token; paths start behind the version."""

    http: object
    tokens: dict
    app: object
    version: str = "66.0"

    @property
    def base(self):
        return f"/services/data/v{self.version}"

    @property
    def org(self):
        return self.app.extensions["sandbox"].orgs.get(self.tokens["id"].split("/")[-2])

    def call(self, method, path, body=None, headers=None):
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}", **(headers or {})}
        data = None if body is None else json.dumps(body)
        kind = None if body is None else "application/json"
        return self.http.open(
            self.base + path, method=method, data=data, headers=headers, content_type=kind
        )

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def create(self, name, **fields):
        answer = self.call("POST", f"/sobjects/{name}/", fields)
        assert answer.status_code == 201, answer.text
        return answer.json["id"]

    def refused(self, name, **fields):
        """Status, code and fields of a create that has to be refused."""
        answer = self.call("POST", f"/sobjects/{name}", fields)
        return answer.status_code, answer.json[0]["errorCode"], answer.json[0].get("fields")

    def read(self, name, record_id):
        answer = self.get(f"/sobjects/{name}/{record_id}")
        assert answer.status_code == 200, answer.text
        return answer.json

    def query(self, soql):
        answer = self.get("/query?" + urlencode({"q": soql}))
        assert answer.status_code == 200, answer.text
        return answer.json

    def query_refused(self, soql):
        answer = self.get("/query/?" + urlencode({"q": soql}))
        assert answer.status_code == 400, answer.text
        return answer.json[0]

    def switch(self, **settings):
        """Change the org's switches."""
        found = self.app.extensions["sandbox"]
        changed = {**self.org.settings.as_json(), **settings}
        with found.storage.transaction():
            found.orgs.change(self.org, type(self.org.settings).parse(changed))

    def user(self, username):
        return self.app.extensions["sandbox"].rows.find(self.org, "User", Username=username)[0][
            "Id"
        ]


@pytest.fixture
def connect(app, browser):
    def make(username="anna@acme.example", **changes):
        fresh = app.test_client()
        answer = exchange(fresh, get_code(fresh, app, username, **changes))
        assert answer.status_code == 200, answer.text
        return Client(browser, answer.json, app)

    return make


@pytest.fixture
def client(connect):
    return connect()


@contextmanager
def serving(folder):
    """A stand-in on a port of its own; its address."""
    made = make_server(create_app(folder, apps=[APP]), "127.0.0.1", 0)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def server(tmp_path):
    with serving(tmp_path / "orgs") as address:
        yield address


@pytest.fixture
def minted(server):
    """Tokens of Anna at Acme, without a browser."""
    return httpx.post(f"{server}/__control__/connections", json={"client_id": "key-1"}).json()
