"""Українська."""

from core.texts.uk.labels import LABELS
from core.texts.uk.mails import MAILS
from core.texts.uk.rules import RULES
from core.texts.uk.trouble import TROUBLE

__all__ = ["LABELS", "MAILS", "REASONS"]

REASONS = {**RULES, **TROUBLE}
