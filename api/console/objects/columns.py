"""The columns of lists, and the texts in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from markupsafe import Markup

from api.console.objects.words import VALUES
from api.pages.formats import format_day, format_decimal, format_money
from api.pages.others_texts import bdi, short
from api.pages.translation import gettext as _
from api.pages.translation import marked, ngettext
from domain.tax.states import state_name

Text = Callable[[Any], str | Markup]
"""A function that returns a text about an entry of a list. Texts that other people wrote are isolated in it."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a list."""

    title: str
    text: Text
    sort: str = ""
    """The sort of the API that orders the list by this column; empty if there is none."""
    is_number: bool = False


def day_count(days: Any) -> str:
    """Return the length of a leave in words, such as "2.5 days"."""
    return ngettext("%(num)s day", "%(num)s days", 1 if days == 1 else 2, num=format_decimal(days))


def number_column(field: str, sort: str) -> Column:
    return Column(title=marked("Number"), text=lambda entry: name_of(getattr(entry, field)), sort=sort)


def name_of(text: str) -> Markup:
    """Return a name as a list shows it."""
    return bdi(short(text))


def roles_of(entry: Any) -> str:
    """Return the roles of a party in words, such as "client and vendor"."""
    return _(VALUES["+".join(entry.roles)])


def state_of(entry: Any) -> str:
    return state_name(entry.state_code) if entry.state_code else "\u2013"


def own_name_column() -> Column:
    """Return the column with the name of a party or an employee; after an erasure, it has none."""
    return Column(
        title=marked("Name"), text=lambda entry: name_of(entry.name or entry.external_id or entry.id), sort="name"
    )


def given_column(title: str, field: str) -> Column:
    """Return the column of a text that is not always given."""
    return Column(title=title, text=lambda entry: name_of(getattr(entry, field) or "\u2013"))


def party_column(title: str, party: str) -> Column:
    name, id = f"{party}_name", f"{party}_id"
    return Column(title=title, text=lambda entry: name_of(getattr(entry, name) or getattr(entry, id)))


def day_column(title: str, field: str, sort: str = "") -> Column:
    def text(entry: Any) -> str:
        day = getattr(entry, field)
        return "\u2013" if day is None else format_day(day)

    return Column(title=title, text=text, sort=sort)


def money_column(title: str, field: str, sort: str = "") -> Column:
    def text(entry: Any) -> str:
        return format_money(getattr(entry, field), entry.currency)

    return Column(title=title, text=text, sort=sort, is_number=True)


def is_owed(entry: Any) -> bool:
    """Return whether somebody owes the balance of an invoice or a bill: it is neither a draft nor void."""
    return entry.status not in ("draft", "void")


def balance_of(entry: Any) -> str:
    return format_money(entry.balance_due, entry.currency) if is_owed(entry) else "\u2013"
