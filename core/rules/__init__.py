"""What a call does in Salesforce: pure functions from calls, policy and facts to plans.

    triage   what needs no Salesforce: switched off, internal, withheld, excluded
    decide   the others: whom a call belongs to, what is created, who owns it, what is written

Every branch ends in a plan with a reason; docs/rules.md tells them all in words.
"""

from core.rules.decide import decide
from core.rules.triage import triage

__all__ = ["decide", "triage"]
