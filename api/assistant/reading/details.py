"""What a question names beside its action: statuses, days, amounts, names. Each goes into the request in its place."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import msgspec

from api.assistant.reading.question import Reading
from api.assistant.reading.selection import Selection, find_selection
from api.assistant.reading.values.amounts import (
    Item,
    find_amount,
    find_currency,
    find_instead,
    find_item,
    find_percent,
    find_quantity,
)
from api.assistant.reading.values.contacts import find_email, find_gstin, find_phone
from api.assistant.reading.values.days import Days, Instant, find_days, find_instants, find_length
from api.assistant.reading.values.names import Name, find_ids, find_name, find_number
from api.assistant.reading.values.payments import find_method, find_reference
from api.assistant.reading.values.texts import find_pair, find_quoted

_FIRST_HALF = re.compile(
    r"first[ _-]half|morning|mornin|\bam\b|forenoon|before (?:lunch|noon)|subah|savere|pehl[aei] (?:aadh[ae]|half)"
    r"|सुबह|सवेरे|पहले आधे"
)
_SECOND_HALF = re.compile(
    r"second[ _-]half|afternoon|evening|\bpm\b|after (?:lunch|noon)|dopahar|sh?aam|d[uo]+sr[aei] (?:aadh[ae]|half)"
    r"|दूसरे आधे|दोपहर|शाम|lunch ke baad"
)
_UNTIL = re.compile(r"\b(?:till|until|up to|upto|tak|ending|ends)\b|तक")
_VERSION = re.compile(r"\bversion\s*(?:number|no\.?)?\s*(?:#|=)?\s*(\d{1,6})\b")
_CLAUSES = re.compile(r"[.;,](?=\s)|\b(?:and|aur|but)\b|और")
_OF_KIND = {
    "tds": re.compile(r"\btds\b|withh|deduct|kaat|kat[ae]|काट", re.IGNORECASE),
    "write_off": re.compile(r"writ\w+|waive|bad debt", re.IGNORECASE),
    "round_off": re.compile(r"round", re.IGNORECASE),
}
_PLACEHOLDERS = re.compile(
    r"\b(?:inv|bill|leave|pay|key)_\w+|[A-Z]{2,8}[\w/-]{0,24}\d[\w/-]*|\b\d{4}-\d\d-\d\d\b|\S+@\S+"
)


class Details(msgspec.Struct, frozen=True):
    """What a question names. What it does not name is None, empty or False."""

    selection: Selection = Selection()
    days: tuple[Days, ...] = ()
    instant: str | None = None
    name: Name | None = None
    ids: dict[str, str] = {}
    number: str | None = None
    amount: str | None = None
    currency: str | None = None
    tax_rate: str | None = None
    item: Item | None = None
    half: str | None = None
    leave_type: str | None = None
    kind_of_payment: str | None = None
    method: str | None = None
    reference: str | None = None
    pair: tuple[str, str] | None = None
    quoted: str | None = None
    version: str | None = None
    gstin: str | None = None
    email: str | None = None
    phone: str | None = None
    discount: str | None = None
    """The discount that it names, in percent."""
    length: int | None = None
    """How many days it names, as in "two days of leave"."""
    has_half: bool = False
    """Whether it names half a day, even if not which half."""

    def over(self, earlier: Details, text: str) -> Details:
        """Return these details, completed by those of an earlier question."""
        values = {field: getattr(self, field) or getattr(earlier, field) for field in self.__struct_fields__}
        values["selection"] = self.selection.over(earlier.selection)
        if len(self.days) == 1 and len(earlier.days) == 1 and _UNTIL.search(text.lower()):
            values["days"] = (earlier.days[0], self.days[0])
        if self.item is None and earlier.item is not None:
            quantity = find_quantity(text, earlier.item.description)
            values["item"] = earlier.item._replace(quantity=quantity) if quantity else earlier.item
        if instead := find_instead(text):
            values |= _replaced(earlier, *instead)
        if self.amount and not self.discount:
            values["discount"] = None
        if self.days or self.instant:
            values["version"] = self.version
        return Details(**values)


def find_details(reading: Reading, kind: str | None, today: date, *, is_money: bool = False) -> Details:
    """Return what the question names. `is_money`: a number alone is an amount, because its thread names one."""
    text, terms = reading.plain, reading.terms
    lowered = text.lower()
    days, instants = find_days(text, today), find_instants(text)
    if not (days or instants) and (corrected := find_days(reading.corrected, today)):
        text, days = reading.corrected, corrected
    reference, gstin = find_reference(text), find_gstin(text)
    rest = _without(text, [*days, *instants])
    rest = rest if reference is None else rest.replace(reference, " ")
    kind_of_payment = _kind_of_payment(terms, lowered)
    half = "second_half" if _SECOND_HALF.search(lowered) else "first_half" if _FIRST_HALF.search(lowered) else None
    return Details(
        selection=find_selection(reading, kind),
        days=tuple(days) if not instants else (),
        instant=instants[0].text if instants else None,
        name=_name(reading, gstin),
        ids=find_ids(text),
        number=find_number(text),
        amount=find_amount(
            _clause(_PLACEHOLDERS.sub(" ", rest), kind_of_payment), bare=is_money or _is_money(terms, text)
        ),
        currency=find_currency(text),
        tax_rate=find_percent(text) if "discount" not in terms else None,
        item=find_item(_PLACEHOLDERS.sub(" ", rest)),
        half=half,
        leave_type="sick" if "sick" in terms else "earned" if "earned" in terms else None,
        kind_of_payment=kind_of_payment,
        method=find_method(text) or find_method(reading.corrected),
        reference=reference,
        pair=find_pair(text) or find_pair(reading.corrected),
        quoted=find_quoted(text),
        gstin=gstin,
        email=find_email(text),
        phone=find_phone(rest) if "phone" in terms else None,
        discount=find_percent(text) if "discount" in terms else None,
        version=match[1] if (match := _VERSION.search(lowered)) else None,
        length=find_length(_without(text, [*days, *instants]).lower()),
        has_half="half" in terms or half is not None,
    )


def _name(reading: Reading, gstin: str | None) -> Name | None:
    """Return the name that the question names; a GSTIN is none."""
    name = find_name(tuple(word for word in reading.words if word.text.upper() != gstin))
    return None if name is not None and name.text.lower() == "gstin" else name


def _replaced(earlier: Details, new: str, old: str) -> dict[str, Any]:
    """Return the numbers of the earlier question, with the new one in the place of the old one."""
    item = earlier.item
    if item is not None:
        item = item._replace(**{name: new for name in ("quantity", "unit_price") if getattr(item, name) == old})
    return {"item": item, "amount": new if earlier.amount == old else earlier.amount}


def _clause(text: str, kind: str | None) -> str:
    """Return the part of the text that names this kind of payment and an amount; the whole text without one."""
    if kind is None:
        return text
    parts = (part for part in _CLAUSES.split(text) if _OF_KIND[kind].search(part) and find_amount(part, bare=True))
    return next(parts, text)


def _is_money(terms: frozenset[str], text: str) -> bool:
    words = ("payment", "tds", "off", "writeoff", "roundoff", "create", "draft", "enter", "discount")
    return not terms.isdisjoint(words) or find_method(text) is not None


def _kind_of_payment(terms: frozenset[str], lowered: str) -> str | None:
    if "tds" in terms:
        return "tds"
    if "writeoff" in terms or re.search(r"\bwrit\w+\b.{0,40}\boff\b|bad debt", lowered):
        return "write_off"
    return "round_off" if "roundoff" in terms or re.search(r"\bround\w*\b.{0,40}\boff\b", lowered) else None


def _without(text: str, places: list[Days | Instant]) -> str:
    for place in sorted(places, key=lambda each: each.start, reverse=True):
        text = f"{text[: place.start]} {text[place.end :]}"
    return text
