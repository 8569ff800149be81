"""What every page of the console is made of: its base class, its templates, and its headers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import falcon
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context as TemplateContext
from markupsafe import Markup

from api.pages.files import CSS, HTML, JAVASCRIPT, policy_of, static
from api.ports.users import Member
from domain.calendar import instant, zone

HERE = Path(__file__).parent
ROOTS = frozenset({"login", "logout", "password", "home", "activity", "settings"})
"""What the paths of the console begin with: below them, errors are pages too."""


class Entry(NamedTuple):
    """A line of the navigation."""

    path: str
    title: str
    room: str
    """What its paths begin with."""


NAVIGATION: tuple[Entry, ...] = (
    Entry("/home", "Home", "/home"),
    Entry("/activity", "Activity", "/activity"),
    Entry("/settings/developer", "Settings", "/settings"),
)
"""In the order of the bar; whoever logs in arrives at the first one."""

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": policy_of(
        {"style-src": "'self'", "script-src": "'self'", "img-src": "'self'", "form-action": "'self'"}
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    # With no-referrer, browsers would send `Origin: null` along with our own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class ConsolePage:
    """The base of every resource of the console.

    Before a responder runs, the request has its `member` (None on a public page without a session) and, for a POST, its
    `form`, of which the CSRF token and the origin have been checked.
    """

    public: ClassVar[bool] = False
    """Whether it is shown without a session."""
    managers_only: ClassVar[bool] = False
    """Whether members do not even see it."""
    managers_post: ClassVar[bool] = True
    """Whether only owners and admins may send its forms."""


class Form:
    """The fields of a form as they were sent; what is missing is an empty text."""

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        self._fields = fields

    def text(self, name: str) -> str:
        return self._fields.get(name, [""])[0]

    def words(self, name: str) -> tuple[str, ...]:
        """All values of a field that may come several times."""
        return tuple(self._fields.get(name, ()))


def is_console(req: falcon.Request) -> bool:
    """Whether the path is one of the console's, also where there is no page."""
    return req.path.removeprefix("/").partition("/")[0] in ROOTS


def render(req: falcon.Request, resp: falcon.Response, template: str, **facts: Any) -> None:
    """Answer with a page; each template also gets the member, the CSRF token of its forms, and the navigation."""
    resp.content_type = HTML
    resp.text = _templates.get_template(template).render(
        member=member_of(req),
        csrf=getattr(req.context, "csrf", ""),
        navigation=NAVIGATION,
        path=req.path,
        **facts,
    )


def member_of(req: falcon.Request) -> Member | None:
    """The signed-in user; None without one."""
    member: Member | None = getattr(req.context, "member", None)
    return member


def static_routes() -> list[tuple[str, Any]]:
    """The files that pages load."""
    files = {"console.css": CSS, "overview.css": CSS, "console.js": JAVASCRIPT}
    return [(f"/static/{name}", static(name, content_type)) for name, content_type in files.items()]


@pass_context
def shown_time(context: TemplateContext, at: datetime | None, otherwise: str = "never") -> str:
    """A time as the organization's clocks show it, with the exact one behind it for machines."""
    if at is None:
        return otherwise
    member: Member | None = context["member"]
    return Markup('<time datetime="{}">{}</time>').format(instant(at), clock(at, member.time_zone if member else "UTC"))


def clock(at: datetime, time_zone: str) -> str:
    """A time as clocks of this zone show it."""
    return f"{at.astimezone(zone(time_zone)):%-d %b %Y, %H:%M}"


def shown_number(number: int) -> str:
    """Thousands apart, by a thin space that does not break."""
    return f"{number:,}".replace(",", "\u202f")


_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_templates.filters |= {"time": shown_time, "number": shown_number}
