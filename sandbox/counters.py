"""Counts that tests and the demo read: API calls, refreshes, refresh tokens used twice."""

from sandbox.storage import Storage


class Counters:
    """Numbers by org and name, kept between starts."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def add(self, org_id: str, name: str, number: int = 1) -> None:
        """Count up."""
        self._storage.run(
            "INSERT INTO counters VALUES (?, ?, ?)"
            " ON CONFLICT (org, name) DO UPDATE SET value = value + excluded.value",
            (org_id, name, number),
        )

    def get(self, org_id: str, name: str) -> int:
        """The count, 0 at first."""
        row = self._storage.one(
            "SELECT value FROM counters WHERE org = ? AND name = ?", (org_id, name)
        )
        return int(row["value"]) if row else 0

    def set(self, org_id: str, name: str, value: int) -> None:
        """Put a count, as when a new day starts."""
        self._storage.run("INSERT OR REPLACE INTO counters VALUES (?, ?, ?)", (org_id, name, value))

    def all(self, org_id: str) -> dict[str, int]:
        """Every count of an org."""
        rows = self._storage.all("SELECT name, value FROM counters WHERE org = ?", (org_id,))
        return {row["name"]: row["value"] for row in rows}
