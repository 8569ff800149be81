"""What the pages of a party and of an employee show, and the links to them from documents and leaves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from api.console.objects.columns import roles_of
from api.console.objects.kinds import EMPLOYEE_PAGES, PARTY_PAGES
from api.console.objects.one.facts import Fact, common_facts, lines_of
from api.console.objects.words import VALUES
from api.pages.formats import format_day
from api.pages.others_texts import bdi
from api.pages.translation import gettext as _
from domain.tax.states import state_name

_PAGES = (PARTY_PAGES, EMPLOYEE_PAGES)


def party_facts(entry: Any, time_zone: str) -> Iterable[Fact]:
    """Yield the facts of a client or vendor."""
    yield _("Role"), roles_of(entry)
    yield _("GSTIN"), _text(entry.gstin)
    yield _("GST treatment"), _(VALUES[entry.gst_treatment])
    yield _("State or union territory"), _state(entry.state_code)
    yield _("PAN"), _text(entry.pan)
    yield _("Phone"), _text(entry.phone)
    yield _("E-mail address"), _text(entry.email)
    yield _("Address"), lines_of(entry.address)
    yield _("Your own id"), _text(entry.external_id)
    yield from common_facts(entry, time_zone)


def employee_facts(entry: Any, time_zone: str) -> Iterable[Fact]:
    """Yield the facts of an employee."""
    yield _("E-mail address"), _text(entry.email)
    yield _("First day at work"), format_day(entry.joined_on) if entry.joined_on else ""
    yield _("Last day at work"), format_day(entry.left_on) if entry.left_on else ""
    yield _("Your own id"), _text(entry.external_id)
    yield from common_facts(entry, time_zone)


def linked(id: str, name: str) -> Markup:
    """Return the name of a client, vendor or employee, with a link to its page if its id is one that we have made."""
    pages = next((each for each in _PAGES if each.type.aggregate.is_id(id)), None)
    return (
        bdi(name) if pages is None else Markup('<a class="alone" href="{}/{}">{}</a>').format(pages.path, id, bdi(name))
    )


def _state(code: str | None) -> str:
    return f"{code} {state_name(code)}" if code else ""


def _text(text: str | None) -> Markup:
    return bdi(text) if text else Markup()
