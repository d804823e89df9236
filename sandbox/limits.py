"""GET /limits."""

from sandbox.caller import Caller
from sandbox.counters import Counters
from sandbox.router import ApiAnswer, ApiRequest, Router

router = Router()
_OTHERS = {
    "ConcurrentAsyncGetReportInstances": 200,
    "DailyAsyncApexExecutions": 250_000,
    "DailyBulkApiBatches": 15_000,
    "DailyBulkV2QueryJobs": 10_000,
    "HourlyPublishedPlatformEvents": 50_000,
    "SingleEmail": 5_000,
}


@router.add("GET", "/limits")
def limits(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """What the org may use per day and what is left."""
    most = caller.org.settings.api_limit
    used = Counters(caller.storage).get(caller.org.id, "api_usage")
    answer = {name: {"Max": number, "Remaining": number} for name, number in _OTHERS.items()}
    answer["DailyApiRequests"] = {"Max": most, "Remaining": max(0, most - used)}
    storage = 0 if caller.org.settings.storage_full else 5
    answer["DataStorageMB"] = {"Max": 5, "Remaining": storage}
    answer["FileStorageMB"] = {"Max": 20, "Remaining": 20}
    return ApiAnswer(200, dict(sorted(answer.items())))
