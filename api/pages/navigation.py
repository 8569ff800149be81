"""The links in the header and the footer of the pages."""

from __future__ import annotations

from typing import NamedTuple


class Link(NamedTuple):
    """A link to a page. The link is highlighted on this page and on the pages of its section."""

    path: str
    title: str
    section: str = ""
    """The beginning of the paths of the section's pages; empty when the page has no section."""


SITE: tuple[Link, ...] = (
    Link("/docs/guides", "Guides", section="/docs/guides/"),
    Link("/docs", "Reference"),
    Link("/assistant", "Assistant"),
    Link("/login", "Log in"),
)
"""The links in the header of the public pages."""

CONSOLE: tuple[Link, ...] = (
    Link("/home", "Home", section="/home/"),
    Link("/activity", "Activity", section="/activity/"),
    Link("/settings/developer", "Settings", section="/settings/"),
)
"""The links in the header of the console's pages. After a log-in, users see the page of the first link."""
