"""Every blueprint. What may reach each of their routes stands in tests/portal/helpers/access.py."""

from __future__ import annotations

from portal import salesforce
from portal.account import invitations, keys, moved, start, team
from portal.api import admin, health, intake, openapi
from portal.calls import page, preview
from portal.demo import page as demo
from portal.missed import page as missed
from portal.preflight import page as preflight
from portal.preflight import test_call
from portal.salesforce import connecting
from portal.signin import factor, forgotten, me, sign_in
from portal.support import access_log, refused, search
from portal.web import guide, language

BLUEPRINTS = (
    sign_in.bp,
    factor.bp,
    forgotten.bp,
    me.bp,
    start.bp,
    invitations.bp,
    salesforce.bp,
    preflight.bp,
    test_call.bp,
    connecting.callback_bp,
    page.bp,
    missed.bp,
    demo.bp,
    preview.bp,
    team.bp,
    keys.bp,
    access_log.bp,
    search.bp,
    refused.bp,
    moved.bp,
    intake.bp,
    admin.bp,
    openapi.bp,
    language.bp,
    guide.bp,
    health.bp,
)
