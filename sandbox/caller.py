"""Who asks, in which org, in which API version, and with which options."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from zoneinfo import ZoneInfo

from sandbox.org import Org
from sandbox.rows import Row, Rows
from sandbox.sight import Sight
from sandbox.storage import Storage


def no_fault(_object: str) -> None:
    """The hook for writes that never refuses."""


@dataclass(frozen=True)
class Caller:
    """The running user and everything a request needs to be served.

    origin: `http://host:port` that the request came to.
    auto_assign: whether the lead assignment rule runs (header Sforce-Auto-Assign).
    allow_duplicates: allowSave of the header Sforce-Duplicate-Rule-Header.
    before_write: called with the object's name before each write; injected faults raise there.
    """

    storage: Storage
    rows: Rows
    org: Org
    user_id: str
    version: str
    origin: str
    auto_assign: bool = True
    allow_duplicates: bool = False
    batch: int = 2000
    before_write: Callable[[str], None] = no_fault

    @property
    def base(self) -> str:
        """The path that resource URLs of this API version start with."""
        return f"/services/data/v{self.version}"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The running user's time zone."""
        user = self.rows.get(self.org, self.user_id)
        return ZoneInfo(user.data["TimeZoneSidKey"] if user else "UTC")

    @cached_property
    def sight(self) -> Sight:
        """What the running user sees."""
        return Sight(self.org, self.user_id)

    def sees(self, row: Row) -> bool:
        """Whether a stored record is in the running user's sight."""
        return self.sight.sees(self.storage, row)

    def edits(self, row: Row) -> bool:
        """Whether the running user may change a stored record."""
        return self.sight.edits(self.storage, row)

    def deletes(self, row: Row) -> bool:
        """Whether the running user may delete a stored record that they may change."""
        return self.sight.deletes(row)

    def system(self) -> "Caller":
        """The same for what Salesforce does by itself, whatever the user may see."""
        return replace(self, org=self.org.whole)

    def with_headers(self, headers: Mapping[str, str]) -> "Caller":
        """The same caller with the options that request headers ask for."""
        given = {name.lower(): value for name, value in headers.items()}
        rule = given.get("sforce-duplicate-rule-header", "").replace(" ", "").lower()
        return replace(
            self,
            auto_assign=given.get("sforce-auto-assign", "TRUE").strip().upper() != "FALSE",
            allow_duplicates="allowsave=true" in rule.split(";"),
            batch=_batch_size(given.get("sforce-query-options", "")),
        )


def _batch_size(header: str) -> int:
    """batchSize of Sforce-Query-Options, kept within 200 to 2,000 as documented."""
    name, _, value = header.replace(" ", "").partition("=")
    if name.lower() == "batchsize" and value.isdigit():
        return min(2000, max(200, int(value)))
    return 2000
