"""Makes the texts of mails from their templates: one template for each kind, as plain text and as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_context
from jinja2.runtime import Context

from api.pages.formats import format_thousands, format_time
from api.pages.others_texts import isolated
from api.pages.translation import ENGLISH, gettext, in_language, plural_translation, translation
from commands.accounts.mail import MailKind
from domain.accounts.user import ROLE_NAMES

_TEMPLATES = Path(__file__).parent / "templates"
_MEDIA = ("txt", "html")
_BLANK_LINES = re.compile(r"\n{3,}")
_NAMES = frozenset({"organization", "name"})
"""The facts that people choose freely."""
# The other full stops are those that names of hosts may have in place of a dot (UTS 46).
_LIKE_A_LINK = re.compile(r"[.:@\u3002\uff0e\uff61](?=[^\s.])")
_ZERO_WIDTH_SPACE = "\u200b"


class Letter(NamedTuple):
    """The subject and the text of a mail, in both forms."""

    subject: str
    text: str
    html: str


def write_letter(kind: MailKind, origin: str, facts: Mapping[str, Any], language: str = ENGLISH) -> Letter:
    """Return the letter of a mail. `origin` is what its links begin with, and `facts` are the names in its template.

    Texts of other people in it, such as names of keys, stay in one line each.
    """
    values = {**_shown(facts), "origin": origin, "language": language}
    with in_language(language):
        subject = _subject(kind, values)
        text, html = (_text(kind, medium, {**values, "subject": subject}) for medium in _MEDIA)
    return Letter(subject, text, html)


def _subject(kind: MailKind, values: Mapping[str, Any]) -> str:
    """Return the subject as plain text. The HTML form escapes it where it is shown."""
    template = _template(kind, "txt")
    return "".join(template.blocks["subject"](template.new_context(_context(kind, "txt", values)))).strip()


def _text(kind: MailKind, medium: str, values: Mapping[str, Any]) -> str:
    text = _template(kind, medium).render(_context(kind, medium, values))
    return _BLANK_LINES.sub("\n\n", text).strip() + "\n"


def _template(kind: MailKind, medium: str) -> Template:
    return _environment(medium).get_template(f"{kind.value}.html")


def _context(kind: MailKind, medium: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "layout": f"layout.{medium}", "parts": f"parts.{medium}", "kind": kind.value}


def _shown(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts as they may stand in a text."""
    return {name: _shown_fact(name, value) for name, value in facts.items()}


def _shown_fact(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return _unlinked(isolated(value)) if name in _NAMES else isolated(value)
    return _shown(value) if isinstance(value, Mapping) else value


def _unlinked(text: str) -> str:
    """Return a name that no mail program takes for an address: the places by which it would know one get a mark that
    nobody sees. Otherwise somebody could send a link in the service's own mail, as the name of an organization."""
    return _LIKE_A_LINK.sub(rf"\g<0>{_ZERO_WIDTH_SPACE}", text)


@cache
def _environment(medium: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=medium == "html",  # noqa: S701 -- a plain text has no markup
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(translation, plural_translation, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= {"time": _time, "number": format_thousands, "role": lambda role: gettext(ROLE_NAMES[role])}
    return environment


@pass_context
def _time(context: Context, at: str) -> str:
    """Return a time, which JSON has as text, in the time zone of the organization."""
    zone = context["time_zone"]
    return f"{format_time(datetime.fromisoformat(at), zone)} ({zone})"
