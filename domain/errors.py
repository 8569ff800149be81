"""Refusals, named after what was refused; they carry the facts and know nothing of HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

VALIDATION_FAILED = "validation_failed"
UNKNOWN_FIELD = "unknown_field"
READ_ONLY_FIELD = "read_only_field"
AMOUNT_EXCEEDS_BALANCE = "amount_exceeds_balance"


class Violation(NamedTuple):
    """One wrong field: where it stands (`items[0].quantity`), a stable code, and what to do about it."""

    field: str
    code: str
    message: str


class DomainError(Exception):
    """The base of every refusal; the message tells a person what to do."""


class NotFound(DomainError):
    """No such object in this organization."""

    def __init__(self, kind: str, id: str) -> None:
        self.kind, self.id = kind, id
        super().__init__(f"There is no {kind.replace('_', ' ')} with the id '{id}' in your organization.")


class Invalid(DomainError):
    """One or more fields are wrong; all of them are listed."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__("; ".join(f"{v.field}: {v.message}" for v in self.violations))


class Refused(DomainError):
    """A rule of the business forbids the step, however well it is written."""


class InvalidTransition(Refused):
    """The object does not go from where it stands to where it was asked to go."""

    def __init__(self, kind: str, from_: str, to: str, allowed: Sequence[str]) -> None:
        self.kind, self.from_, self.to, self.allowed = kind, from_, to, tuple(allowed)
        way_out = f"From here it can become: {', '.join(allowed)}." if allowed else "No status can be set from here."
        super().__init__(
            f"This {kind} is {from_.replace('_', ' ')} and cannot become {to.replace('_', ' ')}. {way_out}"
        )


class ActionRefused(InvalidTransition):
    """The action is not open in the state where the object stands."""

    def __init__(self, kind: str, from_: str, action: str, allowed: Sequence[str]) -> None:
        super().__init__(kind, from_, action, allowed)
        way_out = f"Set its status first: {', '.join(allowed)}." if allowed else "Nothing makes it possible from here."
        self.args = (f"This {kind} is {from_.replace('_', ' ')}: it cannot take {action}. {way_out}",)


class LeaveHasBegun(InvalidTransition):
    """An approved leave was to be cancelled on its first day or later."""

    def __init__(self, start: str) -> None:
        super().__init__("leave", "approved", "cancelled", ())
        rule = "An approved leave can be cancelled until the day before it begins"
        self.args = (f"{rule}; this one began on {start}.",)


class Conflict(DomainError):
    """What was asked collides with what is already there."""


class DuplicateNumber(Conflict):
    """The document's number is taken within its organization and financial year.

    Source: rule 46(b) of India's CGST Rules, 2017: a serial number unique for a financial year.
    """

    def __init__(self, number: str, financial_year: str, conflicting_id: str | None = None, of: str = "") -> None:
        self.number, self.financial_year, self.conflicting_id = number, financial_year, conflicting_id
        if of:
            way_out = "Check whether this bill was entered before."
        else:
            way_out = "Send another one, or leave the number out to get the next one of your own series."
        where = f"among the {of} in" if of else "in"
        super().__init__(
            f"The number '{number}' is already taken {where} the financial year {financial_year}. {way_out}"
        )


class LeaveOverlap(Conflict):
    """The employee already has a pending or approved leave at that time."""

    def __init__(self, conflicting_id: str | None = None) -> None:
        self.conflicting_id = conflicting_id
        super().__init__(
            f"This employee already has a pending or approved leave at that time ({conflicting_id}). "
            "Choose other days, or cancel the other leave first."
        )


class StaleVersion(DomainError):
    """The caller's `If-Match` does not name the version at which the object stands."""

    def __init__(self, current: int) -> None:
        self.current = current
        super().__init__(
            f'If-Match does not name the version at which the object stands: its ETag is now "{current}". '
            "Read it again, then repeat your change with that ETag."
        )
