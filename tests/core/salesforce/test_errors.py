"""Every code of Salesforce, and what it becomes."""

import pytest

from core.languages import LANGUAGES
from core.reasons import Cause, Words
from core.salesforce.codes import CONCURRENT, OAUTH, OAUTH_WORDS, REST, WITHOUT_A_PERSON
from core.salesforce.errors import (
    ConnectionDead,
    Paused,
    RecordRefused,
    Refusal,
    SessionExpired,
    ShapeStale,
    Transient,
)
from core.salesforce.translate import oauth_error, rest_error
from core.texts import say

REST_ROWS = [
    ("INVALID_SESSION_ID", 401, SessionExpired, ""),
    ("INVALID_AUTH_HEADER", 401, SessionExpired, ""),
    ("REQUEST_LIMIT_EXCEEDED", 403, Paused, ""),
    ("STORAGE_LIMIT_EXCEEDED", 403, Paused, ""),
    ("API_DISABLED_FOR_ORG", 403, ConnectionDead, "connection.api_disabled"),
    ("API_CURRENTLY_DISABLED", 403, ConnectionDead, "connection.api_disabled"),
    ("UNSUPPORTED_API_VERSION", 404, ConnectionDead, "connection.api_version"),
    ("UNABLE_TO_LOCK_ROW", 400, Transient, ""),
    ("UNABLE_TO_LOCK_ROW", 500, Transient, ""),
    ("QUERY_TIMEOUT", 400, Transient, ""),
    ("QUERY_TOO_COMPLICATED", 400, Transient, ""),
    ("TOO_MANY_APEX_REQUESTS", 400, Transient, ""),
    ("UNKNOWN_EXCEPTION", 500, Transient, ""),
    ("SERVER_UNAVAILABLE", 503, Transient, ""),
    ("INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", 503, Transient, ""),
    ("INSUFFICIENT_ACCESS", 403, RecordRefused, "attention"),
    ("INSUFFICIENT_ACCESS_OR_READONLY", 403, RecordRefused, "attention"),
    ("INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", 400, RecordRefused, "attention"),
    ("NOT_FOUND", 404, RecordRefused, "attention"),
    ("ENTITY_IS_DELETED", 404, RecordRefused, "gone"),
    ("INVALID_CROSS_REFERENCE_KEY", 404, RecordRefused, "gone"),
    ("CANNOT_UPDATE_CONVERTED_LEAD", 400, RecordRefused, "gone"),
    ("DUPLICATES_DETECTED", 400, RecordRefused, "duplicate"),
    ("DUPLICATE_VALUE", 400, RecordRefused, "unique"),
    ("REQUIRED_FIELD_MISSING", 400, RecordRefused, "attention"),
    ("FIELD_CUSTOM_VALIDATION_EXCEPTION", 400, RecordRefused, "attention"),
    ("FIELD_INTEGRITY_EXCEPTION", 400, RecordRefused, "attention"),
    ("INVALID_PERSON_ACCOUNT_OPERATION", 400, RecordRefused, "attention"),
    ("STRING_TOO_LONG", 400, RecordRefused, "field"),
    ("INVALID_FIELD", 400, RecordRefused, "field"),
    ("INVALID_FIELD_FOR_INSERT_UPDATE", 400, RecordRefused, "field"),
    ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", 400, RecordRefused, "field"),
    ("INVALID_TYPE_ON_FIELD_IN_RECORD", 400, RecordRefused, "field"),
    ("INVALID_EMAIL_ADDRESS", 400, RecordRefused, "field"),
    ("NUMBER_OUTSIDE_VALID_RANGE", 400, RecordRefused, "field"),
    ("JSON_PARSER_ERROR", 400, RecordRefused, "field"),
    ("MALFORMED_ID", 400, RecordRefused, "field"),
    ("MALFORMED_QUERY", 400, RecordRefused, "attention"),
    ("MALFORMED_SEARCH", 400, RecordRefused, "attention"),
    ("INVALID_TYPE", 400, RecordRefused, "attention"),
    ("INVALID_QUERY_LOCATOR", 400, RecordRefused, "attention"),
    ("INACTIVE_OWNER_OR_USER", 400, RecordRefused, "owner"),
    ("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", 400, RecordRefused, "attention"),
    ("CANNOT_EXECUTE_FLOW_TRIGGER", 400, RecordRefused, "attention"),
    ("APEX_ERROR", 500, RecordRefused, "attention"),
    ("ENTITY_IS_LOCKED", 400, RecordRefused, "attention"),
    ("EXCEEDED_ID_LIMIT", 400, RecordRefused, "attention"),
    ("PROCESSING_HALTED", 400, RecordRefused, "halted"),
    ("ALL_OR_NONE_OPERATION_ROLLED_BACK", 400, RecordRefused, "halted"),
    ("METHOD_NOT_ALLOWED", 405, RecordRefused, "attention"),
    ("UNSUPPORTED_MEDIA_TYPE", 415, RecordRefused, "attention"),
    ("NEVER_HEARD_OF", 400, RecordRefused, "attention"),
    ("NEVER_HEARD_OF", 500, Transient, ""),
    ("NEVER_HEARD_OF", 401, SessionExpired, ""),
    ("NEVER_HEARD_OF", 429, Transient, ""),
]


@pytest.mark.parametrize(("code", "status", "kind", "detail"), REST_ROWS)
def test_rest_codes(code: str, status: int, kind: type, detail: str) -> None:
    error = rest_error(status, [{"errorCode": code, "message": "Own words", "fields": ["X__c"]}])
    assert type(error) is kind
    assert (error.code, error.message, error.fields, error.http_status) == (
        code,
        "Own words",
        ("X__c",),
        status,
    )
    if isinstance(error, RecordRefused):
        assert error.refusal == Refusal(detail)
        assert error.reason.code == "salesforce.refused"
        assert error.reason.params == {"code": code, "message": "Own words", "fields": "X__c"}
    if isinstance(error, ConnectionDead):
        assert error.reason.code == detail


def test_no_known_rest_code_goes_untested() -> None:
    assert {code for code, *_ in REST_ROWS} - {"NEVER_HEARD_OF"} == set(REST)


@pytest.mark.parametrize("code", ["CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "APEX_ERROR"])
@pytest.mark.parametrize("nested", ["UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE"])
def test_a_lock_inside_a_customers_trigger_passes(code: str, nested: str) -> None:
    text = f"LeadTrigger: execution of AfterInsert caused by: {nested}, unable to obtain"
    assert isinstance(rest_error(400, [{"errorCode": code, "message": text}]), Transient)


def test_a_validation_rule_may_speak_of_locks() -> None:
    body = [{"errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "UNABLE_TO_LOCK_ROW"}]
    assert isinstance(rest_error(400, body), RecordRefused)


def test_too_many_at_once_is_a_short_pause_the_daily_limit_a_long_one() -> None:
    def pause(message: str) -> tuple[int, str]:
        error = rest_error(403, [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": message}])
        assert isinstance(error, Paused)
        return error.seconds, error.reason.code

    assert pause("ConcurrentPerOrgLongTxn Limit exceeded.") == (30, "connection.concurrent")
    assert pause("TotalRequests Limit exceeded.") == (900, "connection.limit")


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        ("This session is not valid for use with the REST API", "session_not_for_api"),
        ("Connected app is not attached to Agent", "app_not_attached"),
    ],
)
def test_a_session_that_no_new_token_mends(message: str, cause: str) -> None:
    error = rest_error(401, [{"errorCode": "INVALID_SESSION_ID", "message": message}])
    assert isinstance(error, ConnectionDead)
    assert error.reason.code == f"connection.{cause}"


@pytest.mark.parametrize("status", [200, 404, 500, 502, 503, 504])
@pytest.mark.parametrize("body", [None, "text", [], [1], {}, ["/services/data/v66.0/x"]])
def test_a_body_that_says_nothing_is_transient(status: int, body: object) -> None:
    assert isinstance(rest_error(status, body), Transient)


def test_collections_rows_spell_it_status_code() -> None:
    body = {"success": False, "errors": [{"statusCode": "STRING_TOO_LONG", "fields": ["Name"]}]}
    error = rest_error(200, body)
    assert isinstance(error, RecordRefused)
    assert (error.refusal, error.fields) == (Refusal.FIELD, ("Name",))


@pytest.mark.parametrize("key", ["duplicateResut", "duplicateResult"])
def test_a_duplicate_rule_names_the_records_to_use(key: str) -> None:
    found = {
        "matchRecords": [{"record": {"Id": "0031i000013x2TE"}}],
        "entityType": "Contact",
    }
    body = [
        {
            key: {"allowSave": True, "matchResults": [found]},
            "errorCode": "DUPLICATES_DETECTED",
            "message": "Use one of these records?",
        }
    ]
    error = rest_error(400, body)
    assert isinstance(error, RecordRefused)
    assert error.named == ("0031i000013x2TEAAY",)


OAUTH_ROWS = [
    ("invalid_grant", "expired access/refresh token", "refresh_refused"),
    ("invalid_grant", "expired authorization code", "code_expired"),
    ("invalid_grant", "invalid code verifier", "code_verifier"),
    ("invalid_grant", "authentication failure", "refresh_refused"),
    ("invalid_grant", "user hasn't approved this consumer", "not_approved"),
    ("invalid_grant", "ip restricted", "ip_restricted"),
    ("invalid_grant", "invalid login hours", "login_hours"),
    ("inactive_user", "user is inactive", "inactive_user"),
    ("inactive_org", "organization is inactive", "inactive_org"),
    ("invalid_client_id", "client identifier invalid", "client_id"),
    ("invalid_client", "invalid client credentials", "client_secret"),
    ("invalid_client", "app must be installed into org", "app_not_installed"),
    ("invalid_client_credentials", "", "client_secret"),
    ("unsupported_grant_type", "", "misconfigured"),
    ("unsupported_response_type", "", "misconfigured"),
    ("immediate_unsuccessful", "", "misconfigured"),
    ("invalid_request", "missing required code challenge", "code_verifier"),
    ("invalid_request", "", "misconfigured"),
    ("redirect_uri_mismatch", "redirect_uri must match configuration", "redirect_uri"),
    ("invalid_scope", "", "scope"),
    ("access_denied", "end-user denied authorization", "denied"),
    ("OAUTH_APPROVAL_ERROR_GENERIC", "", "app_not_installed"),
    ("OAUTH_EC_APP_NOT_FOUND", "External client app is not installed", "app_not_installed"),
    ("OAUTH_APP_BLOCKED", "", "app_blocked"),
    ("OAUTH_APP_ACCESS_DENIED", "user is not admin approved to access", "not_approved"),
    ("something_new", "", "unknown"),
]


@pytest.mark.parametrize(("error", "description", "cause"), OAUTH_ROWS)
def test_oauth_errors(error: str, description: str, cause: str) -> None:
    dead = oauth_error(error, description)
    assert isinstance(dead, ConnectionDead)
    assert dead.reason.code == f"connection.{cause}"
    assert dead.reason.params["message"] == description


@pytest.mark.parametrize(
    ("error", "description", "status"),
    [
        ("server_error", "", 400),
        ("temporarily_unavailable", "", 503),
        ("something_new", "", 500),
        ("invalid_grant", "token request is already being processed", 400),
        ("invalid_request", "token request is already being processed", 400),
    ],
)
def test_oauth_errors_that_pass(error: str, description: str, status: int) -> None:
    assert isinstance(oauth_error(error, description, status), Transient)


def test_too_many_logins_pause_for_an_hour() -> None:
    paused = oauth_error("rate_limit_exceeded", "login rate exceeded")
    assert isinstance(paused, Paused)
    assert (paused.seconds, paused.reason.code) == (3600, "connection.login_rate")


def test_no_known_oauth_error_goes_untested() -> None:
    passing = {"server_error", "temporarily_unavailable", "rate_limit_exceeded"}
    assert {error for error, *_ in OAUTH_ROWS} - {"something_new"} | passing == set(OAUTH)


def _causes() -> set[Cause]:
    meanings = [*REST.values(), *OAUTH.values(), *(meaning for _, meaning in OAUTH_WORDS)]
    named = {meaning.cause for meaning in (*meanings, CONCURRENT)}
    named |= set(WITHOUT_A_PERSON.values())
    return named | {error.cause for error in (Transient, RecordRefused, SessionExpired, ShapeStale)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_a_sentence_and_keeps_salesforces_words(language: str) -> None:
    words = Words("THE_CODE", "Own words", "X__c")
    for cause in _causes():
        sentence = say(cause(words), language)
        assert sentence != cause(words).code
        assert "…" not in sentence
    assert "Own words" in say(RecordRefused("THE_CODE", "Own words").reason, language)
