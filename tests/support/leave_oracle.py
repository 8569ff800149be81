"""A model of leaves, written only from the contract, not from the code: half days, and the changes that are allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.support.half_days import HalfDays, fields_of, half_days

WRITABLE = {"pending": {"startDate", "endDate", "dayPart", "startPart", "endPart", "type", "reason"}}
"""The fields that a PATCH may change, by status. In other statuses, a PATCH may change no field."""
WRITABLE["approved"] = {"endDate", "endPart"}
PARTS = ("startPart", "endPart")


@dataclass
class Leave:
    """A leave as the API must show it on the day `today`."""

    id: str
    employee: str
    halves: HalfDays
    today: date
    kind: str = "leaves"
    status: str = "pending"
    type: str = "earned"
    reason: str | None = None
    note: str | None = None
    events: list[str] = field(default_factory=lambda: ["requested"])

    def shown(self):
        own = {"status": self.status, "type": self.type, "reason": self.reason, "decisionNote": self.note}
        return {**fields_of(self.halves), **own, "version": len(self.events)}

    def steps(self):
        begun = min(self.halves)[0] <= self.today
        open_now = {"pending": ["approved", "denied", "cancelled"], "approved": [] if begun else ["cancelled"]}
        return open_now.get(self.status, [])

    def is_live(self):
        return self.status in ("pending", "approved")

    def halves_after(self, changes: Mapping[str, Any]) -> HalfDays | None:
        """Return the half days after these changes; None when the changes are not allowed."""
        return self._moved(changes) if self.status == "pending" else self._cut(changes)

    def change(self, changes, halves):
        """Apply the changes and these new half days. Add an event if a value differs from before."""
        new = (halves, changes.get("type", self.type), changes.get("reason", self.reason))
        if new != (self.halves, self.type, self.reason):
            self.halves, self.type, self.reason = new
            self.events.append("updated" if self.status == "pending" else "shortened")

    def _moved(self, changes):
        parts = {"dayPart", *PARTS}
        new = fields_of(self.halves)
        new |= {name: value or "full" for name, value in changes.items() if name in parts}
        new |= {name: value for name, value in changes.items() if name in ("startDate", "endDate")}
        if new["startDate"] > new["endDate"]:
            return None
        if new["startDate"] == new["endDate"]:
            kept = {name: new[name] for name in PARTS if name not in changes}
            half = [part for part in kept.values() if part != "full"]
            if "dayPart" in changes or len(half) == 1:
                new |= dict.fromkeys(kept, "full")
            if "dayPart" not in changes and len(half) == 1:
                new["dayPart"] = half[0]
            return half_days(new) if new["startPart"] == new["endPart"] == "full" else None
        return half_days(new) if new["dayPart"] == "full" else None

    def _cut(self, changes):
        (start, first), (end, last) = min(self.halves), max(self.halves)
        new_end = date.fromisoformat(changes.get("endDate", end.isoformat()))
        was_part = fields_of(self.halves)["endPart"]
        noon = (changes.get("endPart", was_part) or "full") == "first_half"
        was_morning = (start, first, end, last) == (start, 0, start, 0)
        new_last = (new_end, 0 if noon or (was_morning and new_end == end and "endPart" not in changes) else 1)
        count = (new_end - start).days + 1
        every = [(start + timedelta(number), half) for number in range(count) for half in (0, 1)]
        new = frozenset(half for half in every if (start, first) <= half <= new_last)
        if not new or not new <= self.halves:
            return None
        return None if new != self.halves and new_end < self.today - timedelta(31) else new
