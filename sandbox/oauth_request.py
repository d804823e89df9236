"""What an authorize request asks for, and how it is refused.

Some refusals go back to the app by redirect, others are shown on a page of Salesforce and the
app never hears of them; reference: help, "OAuth Error Codes and Authorization Errors".
"""

import re
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from sandbox.apps import Apps, ConnectedApp
from sandbox.org import Org

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}\Z", re.ASCII)
_PROMPTS = {"login", "consent", "select_account"}


class ShownOnPage(Exception):
    """A refusal that Salesforce shows itself."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


class SentBack(Exception):
    """A refusal that goes to the callback; `url` is the complete address."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


@dataclass(frozen=True)
class AuthorizeRequest:
    """A checked request."""

    client_id: str
    redirect_uri: str
    scope: str
    state: str
    challenge: str
    nonce: str
    login_hint: str
    prompts: tuple[str, ...]
    immediate: bool

    def back(self, **answer: str) -> str:
        """The callback with an answer and, unchanged, the state."""
        return callback(self.redirect_uri, self.state, **answer)

    def as_json(self) -> dict[str, object]:
        """For the signed field that carries it through the pages."""
        return asdict(self)


def callback(redirect_uri: str, state: str, **answer: str) -> str:
    """An address at the callback."""
    given = {**answer, **({"state": state} if state else {})}
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(given)}"


def read_authorize(args: MultiDict[str, str], apps: Apps) -> AuthorizeRequest:
    """Check the parameters. Raises ShownOnPage or SentBack."""
    app = apps.get(args.get("client_id", ""))
    if app is None:
        raise ShownOnPage("invalid_client_id", "client identifier invalid")
    redirect_uri = args.get("redirect_uri", "")
    if redirect_uri not in app.callback_urls:
        raise ShownOnPage("redirect_uri_mismatch", "redirect_uri must match configuration")
    state = args.get("state", "")
    if wrong := _wrong(args, app):
        error, description = wrong
        raise SentBack(callback(redirect_uri, state, error=error, error_description=description))
    return AuthorizeRequest(
        client_id=app.client_id,
        redirect_uri=redirect_uri,
        scope=" ".join(dict.fromkeys(args.get("scope", "").split() or app.scopes)),
        state=state,
        challenge=args["code_challenge"],
        nonce=args.get("nonce", ""),
        login_hint=args.get("login_hint", ""),
        prompts=tuple(args.get("prompt", "").split()),
        immediate=args.get("immediate", "") == "true",
    )


def _wrong(args: MultiDict[str, str], app: ConnectedApp) -> tuple[str, str] | None:
    """Error and description of what goes back to the app."""
    challenge = args.get("code_challenge", "")
    checks = [
        (
            args.get("response_type") == "code",
            ("unsupported_response_type", "response type not supported"),
        ),
        (bool(challenge), ("invalid_request", "missing required code challenge")),
        (_CHALLENGE.match(challenge), ("invalid_request", "invalid code challenge")),
        (
            args.get("code_challenge_method", "S256") == "S256",
            ("invalid_request", "code challenge method not supported"),
        ),
        (
            _may_ask(app, args.get("scope", "").split()),
            ("invalid_scope", "your app does not have the requested scopes"),
        ),
        (
            set(args.get("prompt", "").split()) <= _PROMPTS,
            ("invalid_request", "prompt not supported"),
        ),
    ]
    return next((refusal for good, refusal in checks if not good), None)


def _may_ask(app: ConnectedApp, scopes: list[str]) -> bool:
    same = {"offline_access": "refresh_token"}
    allowed = {same.get(one, one) for one in app.scopes}
    return {same.get(one, one) for one in scopes} <= allowed


def check_policy(org: Org, app: ConnectedApp) -> None:
    """Refuse what the org's admin, or a missing installation, does not let happen."""
    refusals = {
        "not_installed": (
            "OAUTH_EC_APP_NOT_FOUND",
            "External client app is not installed in this org",
        ),
        "uninstalled": ("OAUTH_APPROVAL_ERROR_GENERIC", "app must be installed into org"),
        "blocked": ("OAUTH_APP_BLOCKED", f"{app.name} is blocked by your administrator"),
        "not_approved": (
            "OAUTH_APP_ACCESS_DENIED",
            "user is not admin approved to access this app",
        ),
    }
    if org.settings.app_policy in refusals:
        raise ShownOnPage(*refusals[org.settings.app_policy])
