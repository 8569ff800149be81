"""The links in the header and the footer of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from api.pages.translation import marked


class Link(NamedTuple):
    """A link to a page. The link is highlighted on this page and on the pages of its section."""

    path: str
    title: str
    section: tuple[str, ...] = ()
    """The beginnings of the paths of the section's pages; empty when the page has no section."""
    kind: str = ""
    """The kind of object that the page shows. The link is for users whose role shows it; empty for all users."""


SITE: tuple[Link, ...] = (
    Link("/docs/guides", marked("Guides"), section=("/docs/guides/",)),
    Link("/docs", marked("Reference"), section=("/docs/operations/",)),
    Link("/assistant", marked("Assistant")),
)
"""The links in the header of every page."""

LOGIN = "/login"
"""The link from the header to the console. Users with a session are redirected to the first page of CONSOLE."""

FOOTER: Mapping[str, tuple[Link, ...]] = {
    "Learn": (
        Link("/docs/guides/quickstart", "Quickstart"),
        Link("/docs/guides", "Guides"),
        Link("/docs", "Reference"),
        Link("/assistant", "Assistant"),
    ),
    "For programs": (
        Link("/api/v1/openapi.json", "OpenAPI document"),
        Link("/docs/postman.json", "Postman collection"),
        Link("/llms.txt", "llms.txt"),
    ),
    "Look up": (
        Link("/docs/guides/errors", "Errors"),
        Link("/docs/guides/credits", "Limits"),
        Link("/docs/guides/authentication", "Authentication"),
    ),
    "This service": (
        Link("/status", "Status"),
        Link("/security", "Security"),
    ),
}
"""The links in the footer of the public pages, by the title of their column."""

_NOTES_OF_INVOICES = ("/home/credit-notes", "/home/debit-notes")
CONSOLE: tuple[Link, ...] = (
    Link("/home", marked("Home")),
    Link("/home/invoices", marked("Invoices"), ("/home/invoices/", *_NOTES_OF_INVOICES), kind="invoice"),
    Link("/home/bills", marked("Bills"), ("/home/bills/", "/home/vendor-credits"), kind="bill"),
    Link("/home/leaves", marked("Leaves"), ("/home/leaves/",), kind="leave"),
    Link("/home/parties", marked("Parties"), ("/home/parties/",), kind="party"),
    Link("/home/employees", marked("Employees"), ("/home/employees/",), kind="employee"),
    Link("/activity", marked("Activity"), ("/activity/",)),
    Link("/home/find", marked("Search")),
    Link("/settings/developer", marked("Settings"), section=("/settings/",)),
)
"""The links in the second row of the console's header. After a log-in, users see the page of the first link."""
