"""The family of a browser, by which people recognize their sessions."""

from __future__ import annotations

_FAMILIES = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "Chrome/": "Chrome",
    "CriOS/": "Chrome",
    "Safari/": "Safari",
}
"""The mark of a browser in its header, and its name. A browser also has the marks of those that follow it."""
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
_OTHER = "Another browser"


def browser_family(user_agent: str | None) -> str:
    """Return the family and the system of a browser by its header User-Agent, such as "Firefox on Linux".

    Anybody can send any header. So this is for people to recognize their own sessions, and proves nothing.
    """
    sent = user_agent or ""
    family = next((name for mark, name in _FAMILIES.items() if mark in sent), _OTHER)
    system = next((name for mark, name in _SYSTEMS.items() if mark in sent), None)
    return f"{family} on {system}" if system else family
