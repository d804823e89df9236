"""The setup page of an org: the main switches, and conversion and closing by a button."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from sandbox import setup_form
from sandbox.control import system_caller
from sandbox.conversion import convert_lead
from sandbox.dml import update
from sandbox.errors import SalesforceError
from sandbox.org import Org
from sandbox.pages import LISTS, org_or_404
from sandbox.services import services
from sandbox.settings import SHARED

setup_pages = Blueprint("setup_pages", __name__)


@setup_pages.before_request
def same_site_only() -> None:
    """Refuse a form that another web site posts at this one."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise BadRequest("posted from another site")


@setup_pages.get("/o/<org_id>/setup")
def setup(org_id: str) -> str:
    """The switches as they are."""
    org = org_or_404(org_id)
    found = services()
    return render_template(
        "setup.html",
        org=org,
        lists=LISTS,
        offered=setup_form,
        shared=SHARED,
        label=lambda path: _label(org, path),
        region=setup_form.has_region(org.settings),
        users=found.rows.find(org, "User"),
        counters=found.counters.all(org.id),
    )


@setup_pages.get("/lightning/setup/<path:_page>")
def lightning(_page: str) -> Response:
    """A page of Setup by its address in a real org. All orgs share this host, so the person
    chooses theirs."""
    return redirect(url_for("pages.home"))


def _label(org: Org, path: str) -> str:
    """`Lead.Phone` in words."""
    name, _, field_name = path.partition(".")
    schema = org.whole.object(name)
    field = schema.field(field_name) if schema else None
    return f"{name}: {field.label.removesuffix(' ID')}" if field else path


@setup_pages.post("/o/<org_id>/setup")
def change_setup(org_id: str) -> Response:
    """Store what the form says."""
    org, found = org_or_404(org_id), services()
    form = request.form
    settings = setup_form.read_form(org, form)
    users = org.object("User")
    with found.storage.transaction():
        found.orgs.change(org, settings)
        for user in found.rows.find(org, "User"):
            active = user["Id"] in form.getlist("active_user")
            if users is not None and user["IsActive"] != active:
                found.rows.replace(users, {**user, "IsActive": active})
    return redirect(url_for("setup_pages.setup", org_id=org_id), 303)


@setup_pages.post("/o/<org_id>/convert/<lead_id>")
def convert(org_id: str, lead_id: str) -> Response:
    """Convert a lead as a salesperson would."""
    caller = system_caller(services(), org_or_404(org_id))
    try:
        lead = convert_lead(caller, lead_id, with_opportunity="opportunity" in request.form)
    except SalesforceError as error:
        raise BadRequest(error.message) from error
    return redirect(url_for("pages.record", record_id=lead["ConvertedContactId"]), 303)


@setup_pages.post("/o/<org_id>/stage/<deal_id>")
def set_stage(org_id: str, deal_id: str) -> Response:
    """Move an opportunity to a stage, such as Closed Lost."""
    org = org_or_404(org_id)
    caller, schema = system_caller(services(), org), org.object("Opportunity")
    try:
        if schema is not None:
            update(caller, schema, deal_id, {"StageName": request.form.get("stage")})
    except SalesforceError as error:
        raise BadRequest(error.message) from error
    return redirect(url_for("pages.record", record_id=deal_id), 303)
