"""Control API: orgs, their switches, users, fields, counts and sessions."""

from typing import Any

from flask import Blueprint, Response

from sandbox.answers import json_answer
from sandbox.control import given, org_named, system_caller, user_named
from sandbox.control_errors import answer_errors
from sandbox.control_settings import check_settings
from sandbox.conversion import convert_lead
from sandbox.org import Org
from sandbox.seed import add_user, create_org
from sandbox.services import services
from sandbox.settings import OrgSettings
from sandbox.setup_records import renew

control_orgs = Blueprint("control_orgs", __name__, url_prefix="/__control__/orgs")
answer_errors(control_orgs)


def org_answer(org: Org) -> dict[str, Any]:
    """An org as the control API shows it."""
    users = services().rows.find(org, "User")
    shown = [{k: u.get(k) for k in ("Id", "Name", "Username", "IsActive")} for u in users]
    return {"id": org.id, "name": org.name, "users": shown, "settings": org.settings.as_json()}


@control_orgs.get("")
def list_orgs() -> Response:
    """Every org with users and switches."""
    return json_answer(200, [org_answer(org) for org in services().orgs.all()])


@control_orgs.post("")
def add_org() -> Response:
    """A new org: name, users (objects with LastName and Username), settings."""
    body, found = given(), services()
    name = str(body.get("name", "Org"))
    users = body.get("users") or [
        {"LastName": "Admin", "Username": f"admin@{name.lower()}.example"}
    ]
    settings = OrgSettings.parse(body.get("settings", {}))
    check_settings(Org("", name, settings), body.get("settings", {}).keys())
    people = [(str(u.get("FirstName", "")), str(u["LastName"]), str(u["Username"])) for u in users]
    with found.storage.transaction():
        org = create_org(found.orgs, found.rows, name, people, settings)
    return json_answer(201, org_answer(org))


@control_orgs.get("/<name>")
def show_org(name: str) -> Response:
    """One org."""
    return json_answer(200, org_answer(org_named(name)))


@control_orgs.patch("/<name>/settings")
def change_settings(name: str) -> Response:
    """Flip switches: the names of settings.OrgSettings. Others stay."""
    org, found = org_named(name), services()
    body = given()
    settings = OrgSettings.parse({**org.settings.as_json(), **body})
    check_settings(Org(org.id, org.name, settings), body.keys())
    with found.storage.transaction():
        changed = found.orgs.change(org, settings)
    return json_answer(200, org_answer(changed))


@control_orgs.post("/<name>/fields")
def add_field(name: str) -> Response:
    """A custom field: object, name (`Budget__c`), type, label, and describe keys that differ."""
    org, found, body = org_named(name), services(), given()
    schema = org.object(str(body.pop("object", "")))
    if schema is None or not str(body.get("name", "")).endswith("__c") or "type" not in body:
        raise ValueError("object, name ending in __c, and type are needed")
    lengths = {"string": 255, "textarea": 255, "url": 255, "picklist": 255, "multipicklist": 4099}
    lengths |= {"phone": 40, "email": 80, "reference": 18}
    numbers = {"double": {"precision": 18, "scale": 2}, "currency": {"precision": 18, "scale": 2}}
    numbers |= {"percent": {"precision": 18, "scale": 2}, "int": {"digits": 9}}
    field = {
        "label": str(body["name"]).removesuffix("__c").replace("_", " "),
        "length": lengths.get(str(body["type"]), 0),
        "custom": True,
        **numbers.get(str(body["type"]), {}),
        **body,
    }
    field["idLookup"] = bool(field.get("externalId"))
    if field["type"] == "boolean":
        field |= {"nillable": False, "defaultedOnCreate": True}
    custom = {k: list(v) for k, v in org.settings.custom_fields.items()}
    others = [f for f in custom.get(schema.name, []) if f["name"] != field["name"]]
    custom[schema.name] = [*others, field]
    settings = OrgSettings.parse({**org.settings.as_json(), "custom_fields": custom})
    with found.storage.transaction():
        found.orgs.change(org, settings)
    return json_answer(201, field)


@control_orgs.post("/<name>/users")
def new_user(name: str) -> Response:
    """A user: LastName, Username and, as wanted, any other field of User."""
    org, found = org_named(name), services()
    with found.storage.transaction():
        user_id = add_user(found.rows, org, given())
        renew(found.rows, org)
    return json_answer(201, {"id": user_id})


@control_orgs.get("/<name>/counters")
def counters(name: str) -> Response:
    """api_calls, api_usage (what the limit looks at), refreshes, refresh_reuses, searches."""
    usual = dict.fromkeys(("api_calls", "api_usage", "refreshes", "refresh_reuses"), 0)
    return json_answer(200, {**usual, **services().counters.all(org_named(name).id)})


@control_orgs.patch("/<name>/counters")
def set_counters(name: str) -> Response:
    """Put counts, such as api_usage."""
    org, found = org_named(name), services()
    with found.storage.transaction():
        for counter, value in given().items():
            found.counters.set(org.id, counter, int(value))
    return json_answer(200, found.counters.all(org.id))


@control_orgs.post("/<name>/expire-sessions")
def expire_sessions(name: str) -> Response:
    """End every access token now; refresh tokens stay."""
    org, found = org_named(name), services()
    with found.storage.transaction():
        found.tokens.expire_access(org)
    return json_answer(200, {})


@control_orgs.post("/<name>/revoke")
def revoke_all(name: str) -> Response:
    """Revoke every approval of the org, or of `username`, as an admin would."""
    org, found, body = org_named(name), services(), given()
    user = user_named(org, str(body["username"])) if "username" in body else None
    with found.storage.transaction():
        number = found.tokens.revoke_all(org, user)
    return json_answer(200, {"revoked": number})


@control_orgs.post("/<name>/convert")
def convert(name: str) -> Response:
    """Convert a lead: lead (id), opportunity (true or false)."""
    org, found, body = org_named(name), services(), given()
    wanted = bool(body.get("opportunity", False))
    caller = system_caller(found, org)
    return json_answer(200, convert_lead(caller, str(body["lead"]), with_opportunity=wanted))
