"""The routes of the files that every page loads, and the robots.txt of the site."""

from __future__ import annotations

from typing import Any

from api.pages.factory import PageFactory
from api.pages.responses import CSS, JAVASCRIPT, PLAIN_TEXT, SVG

_ROBOTS = "User-agent: *\nDisallow: /api/\nDisallow: /login\nDisallow: /forgot\nDisallow: /password/\n"
"""Tells search engines to skip the API, which needs a key, and the log-in pages of the console."""

_SCRIPTS = ("frame.js", "copy.js", "search-key.js")


def frame_routes(pages: PageFactory) -> list[tuple[str, Any]]:
    """Return the routes of the common style sheets, scripts and icons."""
    icon = pages.static_file("icon.svg", SVG)
    return [
        *((f"/static/{name}", pages.static_file(name, CSS)) for name in ("frame.css", "site.css")),
        *((f"/static/{name}", pages.static_file(name, JAVASCRIPT)) for name in _SCRIPTS),
        ("/static/icon.svg", icon),
        ("/favicon.ico", icon),
        ("/robots.txt", pages.page(lambda: pages.text(_ROBOTS, PLAIN_TEXT))),
    ]
