"""The languages the product speaks."""

LANGUAGES = {"ru": "Русский", "uk": "Українська", "en": "English"}
"""Each by its own name, so that everybody finds theirs."""
TRANSLATED = tuple(code for code in LANGUAGES if code != "en")
"""English stands in the code."""
