"""The org as a whole: our package, the API, room for data, the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core import reasons
from core.preflight.case import Case
from core.preflight.finding import Finding, Level, good, stop, warning
from core.preflight.seen import Package, Seen

NEAR = 0.8
"""The part of what is allowed from which on it is told."""
LITTLE_ROOM = 0.05
PACKAGE = "UniTalk"
"""What the name of our package begins with."""
HALF_A_YEAR = timedelta(days=182)


def package(case: Case) -> Iterator[Finding]:
    version = version_of(case.seen)
    if case.shape.package_installed:
        known = reasons.preflight.package(version=version) if version else None
        yield good(known or reasons.preflight.package_some(), "packages")
    elif version is not None:
        yield warning(reasons.preflight.package_hidden(version=version), "permission_sets")
    else:
        yield warning(reasons.preflight.package_missing(), setting="package")


def version_of(seen: Seen) -> str | None:
    """Our package's version; empty when it does not say, None where it is not."""
    found = next((one.version for one in seen.packages or () if _is_ours(one, seen)), None)
    return "" if found is None and seen.shape.package_installed else found


def _is_ours(one: Package, seen: Seen) -> bool:
    if seen.shape.namespace:
        return one.namespace == seen.shape.namespace
    return one.name.startswith(PACKAGE)


def api_version(case: Case) -> Iterator[Finding]:
    """An org that did not answer this version would have answered nothing."""
    yield good(reasons.preflight.api_version(version=case.seen.api_version))


def api_calls(case: Case) -> Iterator[Finding]:
    used, allowed = case.seen.api_used, case.seen.api_allowed
    if used is None or allowed is None:
        return
    most = min(allowed, case.seen.ceiling or allowed)
    if used >= most:
        gone = reasons.preflight.api_calls_gone(used=used, most=most)
        yield stop(gone, setting="ceiling")
    elif used >= NEAR * most:
        yield warning(reasons.preflight.api_calls_near(used=used, most=most), setting="ceiling")
    else:
        yield good(reasons.preflight.api_calls(used=used, allowed=allowed))


def storage(case: Case) -> Iterator[Finding]:
    if case.seen.storage is None:
        return
    left, most = case.seen.storage
    if left <= 0:
        yield stop(reasons.preflight.storage_full(), "storage")
    elif left < LITTLE_ROOM * most:
        yield warning(reasons.preflight.storage_little(left=left), "storage")
    else:
        yield good(reasons.preflight.storage(left=left), "storage")


def time_zone(case: Case) -> Iterator[Finding]:
    """Compared in summer and in winter."""
    ours, theirs = case.policy.zone, case.seen.time_zone
    try:
        zone = ZoneInfo(theirs)
    except (ZoneInfoNotFoundError, ValueError):
        return
    now = datetime.now(UTC)
    moments = (now, now + HALF_A_YEAR)
    if all(one.astimezone(zone).utcoffset() == one.astimezone(ours).utcoffset() for one in moments):
        yield good(reasons.preflight.time_zone(zone=ours.key))
    else:
        other = reasons.preflight.time_zone_other(org=theirs, ours=ours.key)
        yield warning(other, "company", "time_zone")


def not_told(case: Case) -> Iterator[Finding]:
    """Not a fault: whoever connects without it would be warned for ever. These need "View Setup
    and Configuration" (object reference, DuplicateRule; REST guide, "Limits" and "Record Count"),
    which our permission set does not grant; and nothing depends on them."""
    if None in (case.seen.storage, case.seen.duplicate_rules, case.seen.records):
        yield Finding(Level.UNKNOWN, reasons.preflight.not_told(), "permission_sets")


CHECKS = (package, api_version, api_calls, storage, time_zone, not_told)
