"""The filters that templates use: `{{ key.expires_at|time }}`, `{{ count|number }}`.

Use `|bdi` for texts that other people wrote. Use `|isolated` for such texts in titles, attributes and choices. Put
`|short` before these two in a row of a list. Use `|printable` for sentences of the service that may quote such texts.
Use `|translated` for English texts that Python code has marked for translation; texts of a template itself stand in
`_("…")` or in `{% trans %}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from api.pages.formats import format_second, format_thousands, format_time
from api.pages.others_texts import bdi, isolated, short
from api.pages.printable import printable
from api.pages.translation import gettext
from domain.calendar import instant


@pass_context
def _time(context: Context, at: datetime | None, missing: str = "") -> str:
    """Return a `<time>` element. The time is in the time zone of the signed-in user, or in UTC without a user.

    If `at` is None, return the text `missing`, or the word "never".
    """
    return missing or gettext("never") if at is None else _element(context, at, format_time)


@pass_context
def _second(context: Context, at: datetime) -> str:
    """Return a `<time>` element like `time`, to the second."""
    return _element(context, at, format_second)


def _element(context: Context, at: datetime, form: Callable[[datetime, str], str]) -> str:
    member = context["member"]
    text = form(at, member.time_zone if member else "UTC")
    return Markup('<time datetime="{}">{}</time>').format(instant(at), text)


def _breakable(path: str) -> Markup:
    """Return a path in which lines may break after each slash and before each parameter."""
    return Markup("/<wbr>").join(path.split("/"))


FILTERS: Mapping[str, Callable[..., Any]] = {
    "time": _time,
    "second": _second,
    "number": format_thousands,
    "translated": gettext,
    "breakable": _breakable,
    "bdi": bdi,
    "isolated": isolated,
    "short": short,
    "printable": printable,
}
