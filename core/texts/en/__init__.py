"""English."""

from core.texts.en.labels import LABELS
from core.texts.en.mails import MAILS
from core.texts.en.rules import RULES
from core.texts.en.trouble import TROUBLE

__all__ = ["LABELS", "MAILS", "REASONS"]

REASONS = {**RULES, **TROUBLE}
