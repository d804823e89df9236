"""HTTP answers as Salesforce gives them."""

import json
from typing import Any

from flask import Response

from sandbox.errors import SalesforceError
from sandbox.org import Org
from sandbox.services import Services

JSON = "application/json;charset=UTF-8"
_PAGE_503 = """<html><head><title>Service Unavailable</title></head>
<body><h1>Service Unavailable - DNS failure</h1>
<p>The server is temporarily unable to service your request. Please try again later.</p>
</body></html>"""


def json_answer(status: int, body: Any, headers: dict[str, str] | None = None) -> Response:
    """JSON as UTF-8; truly empty where there is no body."""
    data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    response = Response(data, status, headers, content_type=JSON)
    response.headers["Cache-Control"] = "no-cache,must-revalidate,max-age=0,no-store,private"
    if body is None:
        del response.headers["Content-Type"]
    return response


def refusal(error: SalesforceError) -> Response:
    """An error outside of any resource."""
    return json_answer(error.status, error.body())


def page_503() -> Response:
    """What the edge answers when it cannot reach the org: HTML, no JSON."""
    return Response(_PAGE_503, 503, content_type="text/html")


def limit_info(found: Services, org: Org) -> str:
    """The header Sforce-Limit-Info."""
    return f"api-usage={found.counters.get(org.id, 'api_usage')}/{org.settings.api_limit}"
