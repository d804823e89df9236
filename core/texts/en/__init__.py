"""English."""

from core.reasons import DECLARED
from core.texts.en.labels import LABELS
from core.texts.en.mails import MAILS

__all__ = ["LABELS", "MAILS", "REASONS"]

REASONS = {code: one.sentence for code, one in DECLARED.items()}
