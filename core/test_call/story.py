"""The story of a test call."""

from __future__ import annotations

import time
from dataclasses import replace

import httpx
import structlog

from core import reasons
from core.config import Config
from core.connection import Connection
from core.facts import NOTHING_LEARNT, OrgShape, WaitingCall
from core.objects import CONTACT, LEAD, OPPORTUNITY, object_of
from core.org import open_org
from core.plan import Create, Outcome, Plan, Receipt, Ref, Verdict
from core.rules import decide, triage
from core.salesforce.errors import SalesforceError, Transient, Unreachable
from core.secrets import new_name
from core.store import Store
from core.store.database import utc_now
from core.test_call import compare
from core.test_call.call import Kind, free_number, made_up, marked, some_numbers
from core.test_call.finish import look_for
from core.test_call.report import TEST_CALL, Left, Report, read_report
from core.test_call.run import PATIENCE, Run, in_words
from core.texts import label
