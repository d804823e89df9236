"""The control API under /__control__: for tests and the demo, unknown to Salesforce.

Bodies and answers are JSON. `{org}` in a path is an org's id or name. README.md lists it all.
"""

from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, NotFound

from sandbox.answers import json_answer
from sandbox.apps import DEFAULT_SCOPES, ConnectedApp
from sandbox.caller import Caller
from sandbox.control_errors import answer_errors
from sandbox.faults import Fault
from sandbox.org import Org
from sandbox.services import Services, services

control = Blueprint("control", __name__, url_prefix="/__control__")
CONTROL_VERSION = "66.0"


answer_errors(control)


def given() -> dict[str, Any]:
    """The body, a JSON object. Raises BadRequest."""
    body = request.get_json(force=True) if request.data else {}
    if not isinstance(body, dict):
        raise BadRequest("a JSON object is needed")
    return body


def org_named(name: str) -> Org:
    """The org of that id or name. Raises NotFound."""
    org = services().orgs.named(name)
    if org is None:
        raise NotFound(f"no org {name}")
    return org


def user_named(org: Org, username: str) -> str:
    """The id of the user with that username or id. Raises NotFound."""
    found = services().rows
    for field in ("Username", "Id"):
        if users := found.find(org, "User", **{field: username}):
            return str(users[0]["Id"])
    raise NotFound(f"no user {username} in {org.name}")


def system_caller(found: Services, org: Org) -> Caller:
    """The org's first user, for what is done to an org from outside."""
    user = found.rows.find(org, "User")[0]["Id"]
    origin = request.host_url.rstrip("/")
    return Caller(
        found.storage, found.rows, org.whole, user, CONTROL_VERSION, origin, auto_assign=False
    )


@control.post("/apps")
def register_app() -> Response:
    """Register an app: client_id, client_secret, callback_urls, name, scopes.

    client_credentials_user, an org and a username, switches that flow on.
    """
    body = given()
    run_as = body.get("client_credentials_user")
    app = ConnectedApp(
        str(body["client_id"]),
        str(body.get("client_secret", "")),
        str(body.get("name", "UniTalk")),
        tuple(body.get("callback_urls", [])),
        tuple(body.get("scopes", DEFAULT_SCOPES)),
        (str(run_as["org"]), str(run_as["username"])) if run_as else None,
    )
    with services().storage.transaction():
        services().apps.register(app)
    return json_answer(201, {"client_id": app.client_id})


@control.post("/connections")
def mint_connection() -> Response:
    """Tokens without a browser: client_id, org, username, scope."""
    body, found = given(), services()
    org = org_named(str(body.get("org", "Acme")))
    app = found.apps.get(str(body.get("client_id")))
    if app is None:
        raise NotFound(f"no app {body.get('client_id')}")
    first = found.rows.find(org, "User")[0]["Username"]
    user_id = user_named(org, str(body.get("username", first)))
    with found.storage.transaction():
        scope = str(body.get("scope", " ".join(app.scopes)))
        approval = found.tokens.approve(app.client_id, org.id, user_id, scope)
        grant = found.tokens.grant(approval, with_refresh=True)
    origin = request.host_url.rstrip("/")
    answer = {
        "access_token": grant.access_token,
        "refresh_token": grant.refresh_token,
        "instance_url": origin,
        "id": f"{origin}/id/{org.id}/{user_id}",
        "scope": scope,
        "org_id": org.id,
        "user_id": user_id,
    }
    return json_answer(201, answer)


@control.get("/faults")
def list_faults() -> Response:
    """The rules in force and how often each struck."""
    return json_answer(200, [vars(fault) for fault in services().faults.all()])


@control.post("/faults")
def add_fault() -> Response:
    """Add a rule; its keys are those of faults.Fault."""
    body = given()
    if "org" in body and body["org"] is not None:
        body["org"] = org_named(str(body["org"])).id
    try:
        fault = Fault(**body)
    except TypeError as error:
        raise ValueError(str(error)) from error
    services().faults.add(fault)
    return json_answer(201, vars(fault))


@control.delete("/faults")
def clear_faults() -> Response:
    """Remove every rule; `seed` restarts the random numbers."""
    services().faults.clear(int(request.args.get("seed", "0")))
    return json_answer(200, [])


@control.get("/requests")
def list_requests() -> Response:
    """REST requests, oldest first: org, method, path, status, calls, fault. `org` narrows."""
    where, values = "", []
    if "org" in request.args:
        where, values = " WHERE org = ?", [org_named(request.args["org"]).id]
    rows = services().storage.all(f"SELECT * FROM requests{where} ORDER BY id", values)  # noqa: S608
    return json_answer(200, [dict(row) for row in rows])


@control.post("/reset")
def reset() -> Response:
    """Everything as on the first start; registered apps stay."""
    found = services()
    with found.storage.transaction():
        found.reset()
    found.faults.clear()
    return json_answer(200, [{"id": org.id, "name": org.name} for org in found.orgs.all()])
