"""The pages a person sees when an app asks for access: log in, allow or deny, refusals."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
)
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response as BaseResponse

from sandbox.apps import ConnectedApp
from sandbox.oauth_request import (
    AuthorizeRequest,
    SentBack,
    ShownOnPage,
    check_policy,
    read_authorize,
)
from sandbox.org import Org
from sandbox.rows import Record
from sandbox.services import services

oauth_pages = Blueprint("oauth_pages", __name__, url_prefix="/services/oauth2")
_LOGIN_SECONDS = 7200
_SCOPE_WORDS = {
    "api": "Manage user data via APIs",
    "refresh_token": "Perform requests at any time",
    "offline_access": "Perform requests at any time",
    "id": "Access the identity URL service",
    "openid": "Access unique user identifiers",
    "full": "Full access",
    "web": "Manage user data via Web browsers",
}


@oauth_pages.errorhandler(ShownOnPage)
def shown(error: ShownOnPage) -> Response:
    """A refusal that the app never hears of."""
    return make_response(render_template("oauth_error.html", error=error), 400)


@oauth_pages.errorhandler(SentBack)
def sent_back(error: SentBack) -> BaseResponse:
    """A refusal that the app hears of at its callback."""
    return redirect(error.url, 302)


@oauth_pages.get("/authorize")
def authorize() -> BaseResponse | str:
    """Start: straight to the callback, to the consent or to the login, as the case may be."""
    found = services()
    asked = read_authorize(request.args, found.apps)
    who = _logged_in()
    must_log_in = bool({"login", "select_account"} & set(asked.prompts))
    if who is None or must_log_in:
        if asked.immediate:
            raise SentBack(asked.back(error="immediate_unsuccessful"))
        return _login_page(asked)
    return _after_login(asked, *who)


@oauth_pages.post("/login")
def login() -> BaseResponse | str:
    """A person was chosen on the login page."""
    asked = _carried()
    found = services()
    org = found.orgs.get(request.form.get("org", ""))
    row = found.rows.get(org, request.form.get("user")) if org else None
    if org is None or row is None or row.object != "User":
        return _login_page(asked, "Please check your username and password.")
    if not row.data["IsActive"] or not org.settings.active:
        return _login_page(asked, "Your access is disabled. Contact your administrator.")
    session["who"] = [org.id, row.id]
    return _after_login(asked, org, row.data)


@oauth_pages.post("/consent")
def consent() -> BaseResponse:
    """Allow or Deny was pressed."""
    asked = _carried()
    who = _logged_in()
    if who is None:
        raise ShownOnPage("invalid_request", "Your login has ended. Start again from the app.")
    if "allow" not in request.form:
        raise SentBack(
            asked.back(error="access_denied", error_description="end-user denied authorization")
        )
    check_policy(who[0], _app(asked))
    return _code(asked, *who)


def _after_login(asked: AuthorizeRequest, org: Org, user: Record) -> BaseResponse | str:
    app = _app(asked)
    check_policy(org, app)
    known = services().tokens.is_approved(app.client_id, org.id, user["Id"])
    if known and "consent" not in asked.prompts:
        return _code(asked, org, user)
    if asked.immediate:
        raise SentBack(asked.back(error="immediate_unsuccessful"))
    wanted = dict.fromkeys(_SCOPE_WORDS.get(s, s) for s in asked.scope.split())
    return render_template(
        "consent.html", app=app, org=org, user=user, wanted=list(wanted), carry=_carry(asked)
    )


def _code(asked: AuthorizeRequest, org: Org, user: Record) -> BaseResponse:
    found = services()
    with found.storage.transaction():
        code = found.tokens.new_code(
            client_id=asked.client_id,
            org=org,
            user_id=user["Id"],
            redirect_uri=asked.redirect_uri,
            scope=asked.scope,
            challenge=asked.challenge,
            nonce=asked.nonce or None,
        )
    return redirect(asked.back(code=code), 302)


def _login_page(asked: AuthorizeRequest, problem: str = "") -> str:
    found = services()
    people = [(org, found.rows.find(org, "User")) for org in found.orgs.all()]
    return render_template(
        "login.html", people=people, problem=problem, carry=_carry(asked), hint=asked.login_hint
    )


def _logged_in() -> tuple[Org, Record] | None:
    """Org and active user of the browser's session."""
    org_id, user_id = session.get("who", [None, None])
    found = services()
    org = found.orgs.get(org_id) if org_id else None
    row = found.rows.get(org, user_id) if org else None
    if org is None or row is None or not row.data["IsActive"]:
        return None
    return org, row.data


def _app(asked: AuthorizeRequest) -> ConnectedApp:
    app = services().apps.get(asked.client_id)
    if app is None:
        raise ShownOnPage("invalid_client_id", "client identifier invalid")
    return app


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="authorize")


def _carry(asked: AuthorizeRequest) -> str:
    return _signer().dumps(asked.as_json())


def _carried() -> AuthorizeRequest:
    """The request that the form's signed field carries. Raises ShownOnPage."""
    try:
        given: dict[str, Any] = _signer().loads(request.form.get("carry", ""), _LOGIN_SECONDS)
    except BadSignature as error:
        raise ShownOnPage("invalid_request", "Start again from the app.") from error
    return AuthorizeRequest(**{**given, "prompts": tuple(given["prompts"])})
