"""The filters that templates use: `{{ key.expires_at|time }}`, `{{ count|number }}`.

Use `|bdi` for texts that other people wrote. Use `|isolated` for such texts in titles, attributes and choices. Use
`|printable` for sentences of the service that may quote such texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from api.pages.formats import format_thousands, format_time
from api.pages.others_texts import bdi, isolated
from api.pages.printable import printable
from domain.calendar import instant


@pass_context
def _time(context: Context, at: datetime | None, missing: str = "never") -> str:
    """Return a `<time>` element. The time is in the time zone of the signed-in user, or in UTC without a user.

    If `at` is None, return the text `missing`.
    """
    if at is None:
        return missing
    member = context["member"]
    text = format_time(at, member.time_zone if member else "UTC")
    return Markup('<time datetime="{}">{}</time>').format(instant(at), text)


def _breakable(path: str) -> Markup:
    """Return a path in which lines may break after each slash and before each parameter."""
    return Markup("/<wbr>").join(path.split("/"))


FILTERS: Mapping[str, Callable[..., Any]] = {
    "time": _time,
    "number": format_thousands,
    "breakable": _breakable,
    "bdi": bdi,
    "isolated": isolated,
    "printable": printable,
}
