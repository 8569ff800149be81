"""The filters above a list, as people fill them in: what each means, what is wrong, and links to other pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, TypeVar
from urllib.parse import urlencode

from api.console.long_lists import bytes_of, part_with
from api.http.parameters import parse_end
from api.http.request import Request
from api.pages.others_texts import short
from api.pages.translation import gettext as _
from domain.reading import parse_date
from projections.views.activity import DisplayName

T = TypeVar("T")
Choices = list[tuple[str, str]]
"""What a filter offers: pairs of a value and the text that people see."""
MAX_ID_CHARACTERS = 100
_CHOICES_BYTES, _CHOICE_MARKUP = 12_000, 60
"""How many bytes the choices of a filter take at most, and how many each has besides its texts.

What a filter does not offer can be asked for by its id, in the address of the page.
"""
_BEFORE = "before"
"""The parameter that says where a page of the list begins. It is no filter."""


class Filters:
    """The filters of a request for a list. A wrong one is not applied, and has a message in `problems`, by its name.

    The pages extend the template `console/filtered_list.html`, which shows what `facts` returns.
    """

    def __init__(self, req: Request, path: str, names: Collection[str]) -> None:
        """`path` is the path of the list, and `names` are those of its filters."""
        self._path, self._names = path, names
        self._texts = {name: text for name, text in req.params.items() if isinstance(text, str) and text.strip()}
        self.problems: dict[str, str] = {}

    def read(self, name: str, parse: Callable[[str], T], message: str) -> T | None:
        """Return the value of a filter; None if it is empty or wrong.

        `parse` raises ValueError for a wrong text. Then `message` says what to enter.
        """
        if name not in self._texts:
            return None
        try:
            return parse(self._texts[name].strip())
        except ValueError:
            self.problems[name] = message
            return None

    def read_days(self) -> tuple[date | None, date | None]:
        """Return the first and the last day of the list, which the filters `from` and `to` name."""
        first = self.read("from", parse_date, _("Enter the first day as YYYY-MM-DD, such as 2026-01-31."))
        last = self.read("to", parse_date, _("Enter the last day as YYYY-MM-DD, such as 2026-01-31."))
        if first and last and last < first:
            self.problems["to"] = _("The last day must not be before the first day.")
        return first, last

    def read_before(self) -> int | None:
        """Return the place before which the page begins; None for the newest entries."""
        return self.read(_BEFORE, parse_end, _("The address of this page is wrong. Show the newest entries instead."))

    def with_chosen(self, name: str, choices: Choices) -> Choices:
        """Return the choices of a filter, and before them the chosen value if it is not among them."""
        chosen = self._texts.get(name, "")
        return choices if not chosen or chosen in dict(choices) else [(chosen, chosen), *choices]

    def facts(self, next_before: int | None) -> dict[str, Any]:
        """Return what the template shows. `next_before` is the place of the next page; None if there is none."""
        return {
            "filters": {**dict.fromkeys(self._names, ""), **self._texts},
            "is_filtered": bool(self._texts.keys() - {_BEFORE}),
            "problems": self.problems,
            "older": "" if next_before is None else self._link({_BEFORE: str(next_before)}),
            "newest": self._link({}) if _BEFORE in self._texts else "",
        }

    def _link(self, begin: dict[str, str]) -> str:
        """Return the path of a page with these filters that begins elsewhere."""
        values = {name: text for name, text in self._texts.items() if name != _BEFORE} | begin
        return f"{self._path}?{urlencode(values)}" if values else self._path


def parse_id(text: str, most: int = MAX_ID_CHARACTERS) -> str:
    """Return the text, which may be an id. Raises ValueError if it is too long or has control characters."""
    if len(text) > most or not text.isprintable():
        raise ValueError(text)
    return text


def choices_of_who(
    users: Mapping[str, str], keys: Mapping[str, DisplayName], value_of: Callable[[str, str], str]
) -> Choices:
    """Return the first users and API keys as the choices of a filter: as many of each as fit the page.

    `users` are the e-mail addresses of users by id, and `keys` the names of keys by id. `value_of` makes the value of a
    choice from the type of the actor and the id.
    """
    by_address = sorted(users.items(), key=lambda pair: pair[1])
    people = [(value_of("user", id), short(address)) for id, address in by_address]
    of_keys = [
        (value_of("api_key", id), _("%(name)s …%(end)s (API key)", name=short(key.name), end=key.party))
        for id, key in keys.items()
    ]
    return [*fitting(people, _CHOICES_BYTES // 2), *fitting(of_keys, _CHOICES_BYTES // 2)]


def fitting(choices: Choices, most: int = _CHOICES_BYTES) -> Choices:
    """Return the first of the choices, as many as take at most this many bytes of a page."""
    return list(part_with(choices, 1, most, lambda choice: _CHOICE_MARKUP + bytes_of(*choice)).rows)
