"""The links in the header and the footer of the pages."""

from __future__ import annotations

from typing import NamedTuple


class Link(NamedTuple):
    """A link to a page; it is marked on that page and on those of its section."""

    path: str
    title: str
    section: str = ""
    """What the paths of the pages below it begin with; empty when there are none."""


SITE: tuple[Link, ...] = (
    Link("/docs/guides", "Guides", section="/docs/guides/"),
    Link("/docs", "Reference"),
    Link("/assistant", "Assistant"),
    Link("/login", "Log in"),
)
"""In the header of every public page."""

CONSOLE: tuple[Link, ...] = (
    Link("/home", "Home", section="/home/"),
    Link("/activity", "Activity", section="/activity/"),
    Link("/settings/developer", "Settings", section="/settings/"),
)
"""In the header of every page of the console; a user who logs in arrives at the first one."""
