"""The lines of a document in its form. A form shows some of them; the others travel with it in two hidden fields.

So a form of 200 lines is small, and yet saving it is one command with all lines. Without a script, the buttons that
lead to other lines send the form, and nothing is stored. A line that is as it is stored travels as its number.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from api.console.long_lists import bytes_of
from api.console.objects.fields import DISCOUNT, NUMBER, Field, initial_texts
from api.http.errors import ApiError
from api.http.form import Form
from api.pages.translation import gettext as _
from api.pages.translation import marked

MAX_LINES = 200
EMPTY_LINES = 3
"""How many empty lines a new document has, and how many the button adds."""
GROUP = 20
"""How many lines the form shows at once, if their texts are not long; the last ones can be EMPTY_LINES more."""
_GROUP_BYTES, _LINE_MARKUP = 23_500, 900
"""How many bytes of a page a group takes at most, and about how many of them are markup in each line."""
LINE_FIELDS = (
    Field(name="description", label=marked("Description"), is_required=True, max_length=500),
    Field(name="hsnSac", label=marked("HSN/SAC"), max_length=8),
    Field(name="quantity", label=marked("Quantity"), widget=NUMBER, is_required=True),
    Field(name="unitPrice", label=marked("Unit price"), widget=NUMBER, is_required=True),
    Field(name="taxRate", label=marked("Tax rate, %"), widget=NUMBER, is_required=True),
)
TAX_FIELDS = (
    Field(name="lineDiscount", label=marked("Discount"), widget=DISCOUNT, max_length=40),
    Field(name="cessRate", label=marked("Cess, %"), widget=NUMBER),
)
"""The fields of lines that few documents need. A form shows them if a line has one, or if they were asked for."""
API_NAMES = {"lineDiscount": "discount"}
"""The names in the API of the fields that have another one in the form: the document has a discount, too."""
BEFORE, AFTER = "linesBefore", "linesAfter"
"""The hidden fields with the lines that the form does not show."""
_NAMES = tuple(field.name for field in LINE_FIELDS)
_TAX_NAMES = tuple(field.name for field in TAX_FIELDS)


class LineForm(msgspec.Struct):
    """A line of the form: its texts and problems by field, and its total in words; empty if it is not known."""

    texts: dict[str, str]
    problems: dict[str, str] = {}
    total: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(text.strip() for text in self.texts.values())

    @property
    def size(self) -> int:
        """About how many bytes of a page the line takes."""
        return _LINE_MARKUP + bytes_of(*self.texts.values())

    @property
    def has_tax_fields(self) -> bool:
        """Whether it has a discount or a cess."""
        return any(self.texts.get(name, "").strip() for name in _TAX_NAMES)

    @property
    def body(self) -> dict[str, Any]:
        """The line in the body of the request."""
        body = {field.name: field.value(self.texts[field.name]) for field in LINE_FIELDS}
        given = {field.name: field.value(self.texts.get(field.name, "")) for field in TAX_FIELDS}
        return body | {API_NAMES.get(name, name): value for name, value in given.items() if value is not None}


class Group(NamedTuple):
    """Lines that the form shows together: the numbers of the first and of the last, counted from 1."""

    first: int
    last: int


def groups_of(lines: Sequence[LineForm]) -> list[Group]:
    """Return the groups of the lines."""
    groups, first, used = [], 1, 0
    for number, line in enumerate(lines, 1):
        is_full = number - first == GROUP and len(lines) - first >= GROUP + EMPTY_LINES
        if is_full or (used + line.size > _GROUP_BYTES and used and not line.is_empty):
            groups.append(Group(first, number - 1))
            first, used = number, 0
        used += line.size
    return [*groups, Group(first, len(lines))]


def group_with(number: int, lines: Sequence[LineForm]) -> Group:
    """Return the group that contains the line with this number; the last group if there are fewer lines."""
    groups = groups_of(lines)
    return next((group for group in groups if number <= group.last), groups[-1])


def empty_lines(count: int) -> list[LineForm]:
    return [LineForm(dict.fromkeys(_NAMES, "")) for _number in range(count)]


def line_form(item: Mapping[str, Any]) -> LineForm:
    """Return a line of an object in the API as that of a form."""
    values = {**item, **{name: item[api_name] for name, api_name in API_NAMES.items() if api_name in item}}
    used = any(field.name in values for field in TAX_FIELDS)
    return LineForm(initial_texts(values, [*LINE_FIELDS, *(TAX_FIELDS if used else ())]))


def pack(lines: Iterable[LineForm], stored: Sequence[LineForm]) -> str:
    """Return lines as the text of a hidden field: tab-separated values.

    A row has the texts of a line, or the numbers of the first and the last of some `stored` lines that follow each
    other: "3-17".
    """
    places = {tuple(line.texts.values()): place for place, line in enumerate(stored, 1)}
    rows: list[list[str]] = []
    run: list[int] = []
    for line in lines:
        texts = tuple(line.texts.values())
        following = run[1] if run else 0
        is_next = following and following < len(stored) and tuple(stored[following].texts.values()) == texts
        place = following + 1 if is_next else places.get(texts)
        if is_next:
            run[1] += 1
            rows[-1] = [f"{run[0]}-{run[1]}"]
        else:
            run = [place, place] if place else []
            rows.append([f"{place}-{place}"] if place else list(texts))
    out = io.StringIO()
    csv.writer(out, csv.excel_tab, lineterminator="\n").writerows(rows)
    return out.getvalue()


def unpack(text: str, stored: Sequence[LineForm]) -> list[LineForm]:
    """Return the lines of a hidden field. Raises ApiError for a text that `pack` does not make."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), csv.excel_tab, strict=True))
        return [line for row in rows for line in _lines_of(row, stored)]
    except (csv.Error, ValueError):
        raise ApiError(400, "invalid_parameter", _("This form is of an older page. Open the page again.")) from None


def _lines_of(row: Sequence[str], stored: Sequence[LineForm]) -> list[LineForm]:
    if len(row) in (len(_NAMES), len(_NAMES) + len(_TAX_NAMES)):
        return [LineForm(dict(zip((*_NAMES, *_TAX_NAMES), row, strict=False)))]
    (numbers,) = row
    first, last = map(int, numbers.split("-"))
    if not 1 <= first <= last <= len(stored):
        raise ValueError(numbers)
    return [LineForm(dict(line.texts)) for line in stored[first - 1 : last]]


def read_lines(form: Form, stored: Sequence[LineForm]) -> tuple[list[LineForm], int]:
    """Return all lines of the form as it was sent, and the number of the first that it has shown."""
    before, after = unpack(form.text(BEFORE), stored), unpack(form.text(AFTER), stored)
    columns = {name: form.texts(name) for name in (*_NAMES, *_TAX_NAMES)}
    names = [name for name, column in columns.items() if column or name in _NAMES]
    count = max((len(columns[name]) for name in _NAMES), default=0)
    visible = [LineForm({name: _at(columns[name], number) for name in names}) for number in range(count)]
    return [*before, *visible, *after][: MAX_LINES + EMPTY_LINES], len(before) + 1


def _at(column: Sequence[str], number: int) -> str:
    return column[number] if number < len(column) else ""
