"""Русский."""

from core.texts.ru.labels import LABELS
from core.texts.ru.mails import MAILS
from core.texts.ru.rules import RULES
from core.texts.ru.trouble import TROUBLE

__all__ = ["LABELS", "MAILS", "REASONS"]

REASONS = {**RULES, **TROUBLE}
