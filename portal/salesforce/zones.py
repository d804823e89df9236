"""Time zones to choose from: those of the customer's country first."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones


def time_zones(region: str) -> list[str]:
    """Names of the region's zones, then one for each other clock on earth. Any other may be typed.

    Source: tzdata, `zone.tab` (zones by country), `zonenow.tab` (clocks that differ today).
    """
    home = sorted({name for code, name in _table("zone.tab") if code == region})
    return [*home, *sorted({name for _, name in _table("zonenow.tab")} - set(home))]


@cache  # it walks through hundreds of files
def known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _table(name: str) -> list[tuple[str, str]]:
    """Country codes and zone names, a row each."""
    table = files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    rows = (row.split("\t") for row in table.splitlines() if row and not row.startswith("#"))
    return [(codes, zone) for codes, _coordinates, zone, *_ in rows]
