"""The assertions by subject, in the order in which they are asked."""

from __future__ import annotations

from dev.check_org.assertions import Assertion
from dev.check_org.subjects import (
    activities,
    fields,
    graphs,
    keys,
    oauth,
    owners,
    package,
    queries,
    search,
    settings,
    sharing,
    values,
    versions_and_limits,
)

_SUBJECTS = (
    *(versions_and_limits, fields, settings, search, queries),
    *(graphs, keys, values, owners, sharing, activities, package, oauth),
)
ASSERTIONS = tuple(
    found
    for subject in _SUBJECTS
    for found in vars(subject).values()
    if isinstance(found, Assertion)
)
