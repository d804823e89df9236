"""A browser's own words about itself, shortened for people: `Firefox, Windows`."""

from __future__ import annotations

# Most browsers name others, too; the first that fits is the one.
_BROWSERS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "YaBrowser/": "Yandex Browser",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def browser(agent: str) -> str:
    """As much as the User-Agent header tells, else its beginning."""
    names = (_BROWSERS, _SYSTEMS)
    found = [next((name for part, name in kind.items() if part in agent), "") for kind in names]
    return ", ".join(filter(None, found)) or agent[:40] or "?"
