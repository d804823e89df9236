"""Every blueprint. What may reach each of their routes stands in tests/portal/access.py."""

from __future__ import annotations

from portal import (
    access_log,
    admin_api,
    auth,
    call_page,
    demo,
    factor,
    forgotten,
    health,
    intake,
    keys,
    language,
    me,
    openapi,
    preview,
    salesforce,
    seats,
    support,
    team,
)

BLUEPRINTS = (
    auth.bp,
    factor.bp,
    forgotten.bp,
    me.bp,
    seats.bp,
    salesforce.bp,
    call_page.bp,
    demo.bp,
    preview.bp,
    team.bp,
    keys.bp,
    access_log.bp,
    support.bp,
    intake.bp,
    admin_api.bp,
    openapi.bp,
    language.bp,
    health.bp,
)
