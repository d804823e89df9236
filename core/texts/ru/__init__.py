"""Русский."""

from core.texts.ru.labels import LABELS
from core.texts.ru.rules import RULES
from core.texts.ru.trouble import TROUBLE

__all__ = ["LABELS", "REASONS"]

REASONS = {**RULES, **TROUBLE}
