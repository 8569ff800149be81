"""Which objects of a list a question asks for: their statuses, their order, how many."""

from __future__ import annotations

import re

import msgspec

from api.assistant.knowledge.selection_words import (
    ASCENDING,
    DESCENDING,
    DOCUMENT_WORDS,
    ISSUED,
    LEAVE_WORDS,
    LIMIT,
    NOT_YET,
    ORDERS,
    OTHER_WAY,
)
from api.assistant.reading.kinds import LEAVE
from api.assistant.reading.question import Reading
from api.assistant.reading.values.days import with_digits

_KNOWN = (None, *ISSUED, LEAVE)
"""The kinds whose statuses have other words, too."""


class Selection(msgspec.Struct, frozen=True):
    """Which objects of a list are asked for."""

    statuses: tuple[str, ...] = ()
    is_overdue: bool = False
    adds: bool = False
    """Whether the statuses are asked for besides those of an earlier question."""
    limit: str | None = None
    sort: tuple[str, str] | None = None
    """The field, and `-` for the opposite order."""
    turns: bool = False
    """Whether the order of an earlier question is turned round."""

    def over(self, earlier: Selection) -> Selection:
        """Return this selection, completed by that of an earlier question."""
        statuses = self.statuses or earlier.statuses
        if self.adds and self.statuses:
            statuses = tuple(dict.fromkeys((*earlier.statuses, *self.statuses)))
        sort = self.sort or earlier.sort
        if self.turns and self.sort is None and sort is not None:
            sort = (sort[0], "" if sort[1] else "-")
        return Selection(
            statuses=statuses,
            is_overdue=self.is_overdue or (earlier.is_overdue and not self.statuses),
            limit=self.limit or earlier.limit,
            sort=sort,
        )


def find_selection(reading: Reading, kind: str | None) -> Selection:
    """Return the selection that a question names, for this kind of object."""
    text = reading.plain.lower()
    limit = LIMIT.search(with_digits(text)) or LIMIT.search(with_digits(reading.corrected.lower()))
    return Selection(
        statuses=_statuses(reading, text, kind) if kind in _KNOWN else _by_name(reading, kind),
        is_overdue="overdue" in reading.terms and kind != LEAVE,
        adds="also" in reading.terms,
        limit=next(filter(None, limit.groups())) if limit else None,
        sort=_sort(text),
        turns=OTHER_WAY.search(text) is not None,
    )


def _sort(text: str) -> tuple[str, str] | None:
    """Return the order that a text names, in the direction that it names."""
    found = next(((field, sign) for field, sign, pattern in ORDERS if re.search(pattern, text)), None)
    if found is None or not (DESCENDING.search(text) or ASCENDING.search(text)):
        return found
    return found[0], "-" if DESCENDING.search(text) else ""


def _by_name(reading: Reading, kind: str | None) -> tuple[str, ...]:
    statuses = reading.kinds.statuses.get(kind or "", ())
    return tuple(status for status in statuses if status in reading.terms)


def _statuses(reading: Reading, text: str, kind: str | None) -> tuple[str, ...]:
    terms = reading.terms
    is_negated = NOT_YET.search(text) is not None
    if kind == LEAVE or (kind is None and terms & {"approved", "denied", "pending", "cancelled"}):
        return _of_leave(terms, is_negated, text)
    issued = ISSUED.get(kind or "invoice", "sent")
    found = [DOCUMENT_WORDS[term] for term in DOCUMENT_WORDS if term in terms]
    if (
        terms & {"unpaid", "balance"}
        or (is_negated and terms & {"paid", "payment", "fully"})
        or ("due" in terms and "who" in terms)
    ):
        return tuple(dict.fromkeys((*found, issued, "partially_paid")))
    if "partially_paid" in terms or re.search(r"\bpart(?:ly|ially)?[ _-]?(?:paid|payment)|half paid|thoda", text):
        return tuple(dict.fromkeys((*found, "partially_paid")))
    if is_negated and terms & {"sent", "send"} and re.search(r"not|n['’]t|nahi|nhi|नही|yet", text):
        return ("draft",)
    if terms & {"open", "opened"}:
        found += ["open"] if kind == "bill" else ["sent", "partially_paid"]
    if terms & {"sent", "send"} and kind != "bill":
        found.append("sent")
    if "paid" in terms or re.search(r"bhugtan ho|paise (?:mil|aa) |settled|भुगतान हो चुक|पैसे (?:मिल|आ) चुक|चुकता", text):
        found.append("paid")
    return tuple(dict.fromkeys(found))


def _of_leave(terms: frozenset[str], is_negated: bool, text: str) -> tuple[str, ...]:
    found = [LEAVE_WORDS[term] for term in LEAVE_WORDS if term in terms]
    undecided = re.search(
        r"not|n['’]t|yet|nahi|nhi|नही|बाक|baki|waiting|undecided|decision|awaiting|\bruk|रुक|\batk|अटक|int[ae]+[jz]+ar|इंतज़ार|इंतजार|प्रतीक्षा",
        text,
    )
    if is_negated and undecided and (not found or "approved" in found):
        return ("pending",)
    return tuple(dict.fromkeys(found))
