"""Figures side by side."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figures:
    name: str
    calls: int
    seconds: float
    api_calls: int


def table(rows: list[Figures]) -> str:
    """One line per way, each beside the first."""
    first = rows[0]
    lines = [f"{'':12} {'calls/s':>9} {'× first':>8} {'API calls per call':>19}"]
    for row in rows:
        rate = row.calls / row.seconds
        times = rate / (first.calls / first.seconds)
        lines.append(f"{row.name:12} {rate:9.1f} {times:8.1f} {row.api_calls / row.calls:19.3f}")
    return "\n".join(lines)
