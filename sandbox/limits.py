"""GET /limits and GET /limits/recordCount.

Both take "View Setup and Configuration". Names and shapes: REST guide, "Limits" and "Record Count".
"""

from sandbox.caller import Caller
from sandbox.counters import Counters
from sandbox.errors import SalesforceError
from sandbox.router import ApiAnswer, ApiRequest, Router

router = Router()
_OTHERS = {
    "ConcurrentAsyncGetReportInstances": 200,
    "ConcurrentSyncReportRuns": 20,
    "DailyAsyncApexExecutions": 250_000,
    "DailyBulkApiBatches": 15_000,
    "DailyBulkV2QueryFileStorageMB": 976_562,
    "DailyBulkV2QueryJobs": 10_000,
    "DailyDurableStreamingApiEvents": 50_000,
    "DailyStreamingApiEvents": 50_000,
    "DailyWorkflowEmails": 1_000,
    "DurableStreamingApiConcurrentClients": 1_000,
    "FileStorageMB": 20,
    "HourlyAsyncReportRuns": 1_200,
    "HourlyDashboardRefreshes": 200,
    "HourlyODataCallout": 20_000,
    "HourlyPublishedPlatformEvents": 50_000,
    "HourlySyncReportRuns": 500,
    "HourlyTimeBasedWorkflow": 500,
    "MassEmail": 5_000,
    "PermissionSets": 1_500,
    "SingleEmail": 5_000,
    "StreamingApiConcurrentClients": 1_000,
}


@router.add("GET", "/limits")
def limits(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """What the org may use per day and what is left."""
    _check_setup(caller)
    most = caller.org.settings.api_limit
    used = Counters(caller.storage).get(caller.org.id, "api_usage")
    answer = {name: {"Max": number, "Remaining": number} for name, number in _OTHERS.items()}
    answer["DailyApiRequests"] = {"Max": most, "Remaining": max(0, most - used)}
    storage = 0 if caller.org.settings.storage_full else 5
    answer["DataStorageMB"] = {"Max": 5, "Remaining": storage}
    return ApiAnswer(200, dict(sorted(answer.items())))


@router.add("GET", "/limits/recordCount")
def record_count(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """GET /limits/recordCount?sObjects=Lead,Contact: whoever owns the records; unknown names are
    left out, without names all are told.
    """
    _check_setup(caller)
    if float(caller.version) < 40:
        raise SalesforceError("NOT_FOUND", "The requested resource does not exist")
    names = [n.strip() for n in request.query.get("sObjects", "").split(",") if n.strip()]
    schemas = [caller.org.object(name) for name in names] if names else caller.org.objects()
    counts = [{"count": records_of(caller, s.name), "name": s.name} for s in schemas if s]
    return ApiAnswer(200, {"sObjects": counts})


def records_of(caller: Caller, name: str) -> int:
    """How many records an object has, whoever may see them."""
    told = caller.org.settings.record_counts.get(name)
    if told is not None:
        return told
    row = caller.storage.one(
        "SELECT COUNT(*) AS n FROM records WHERE org = ? AND object = ? AND deleted = 0",
        (caller.org.id, name),
    )
    return int(row["n"]) if row else 0


def _check_setup(caller: Caller) -> None:
    if not caller.org.settings.view_setup:
        raise SalesforceError("INSUFFICIENT_ACCESS", "insufficient access rights on object id")
