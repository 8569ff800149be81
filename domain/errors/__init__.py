"""The refusals of the domain. Each class is named after the reason of the refusal and holds the facts as attributes.

    DomainError
    ├── NotFound                no such object in this organization
    │   └── NoVersionYet        the object did not exist yet at the requested time
    ├── Invalid                 wrong fields, each a Violation
    ├── Refused                 a business rule forbids the command in the object's current state
    │   └── InvalidTransition   the status cannot be set from the current one
    ├── Conflict                the command contradicts another object
    ├── ConsoleRefusal          no request with a key can meet it: the last owner, and who may change people
    ├── LiveMode                the request is for test mode alone
    ├── StaleVersion            If-Match does not name the current version
    └── KeyReused               the Idempotency-Key belongs to another request (commands/command.py)

The refusals about one kind of object derive from these, and have a file of their own, such as `document.py` for
invoices and bills. No class depends on HTTP: `api/http/errors/table.py` maps each class to a status and a code.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.calendar import instant
from domain.errors.messages import shorten, words
from domain.errors.violation import Violation

BY_PAYMENT = frozenset(("partially_paid", "paid"))
"""The statuses that no request can set, because they follow from payments."""


class DomainError(Exception):
    """The base of all refusals. The message tells people what is wrong and what to do."""


class ConsoleRefusal(DomainError):
    """A refusal that no request with a key can meet: pages of the console and the command line show its message."""


class LiveMode(DomainError):
    """A request that only test mode has was sent with a key of live mode."""

    def __init__(self) -> None:
        super().__init__(
            "Only test mode has this: live data have no clock of their own, and cannot be reset. Send the request with "
            "a key that begins with sd_test_."
        )


class NotFound(DomainError):
    """The organization has no object of this kind with this id."""

    def __init__(self, kind: str, id: str) -> None:
        self.kind, self.id = kind, id
        super().__init__(f"There is no {words(kind)} with the id '{shorten(id)}' in your organization.")


class NoVersionYet(NotFound):
    """The request asks for the state of an object at a time before the object's first version."""

    def __init__(self, kind: str, id: str, at: datetime, first: datetime) -> None:
        super().__init__(kind, id)
        self.args = (
            f"The {words(kind)} '{shorten(id)}' had no version at {instant(at)}; "
            f"its first version was recorded at {instant(first)}.",
        )


class Invalid(DomainError):
    """One or more fields are wrong. `violations` lists all of them."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__(f"{'; '.join(f'{each.field} {each.message}' for each in self.violations)}.")


class Refused(DomainError):
    """A business rule forbids the command in the object's current state."""


class InvalidTransition(Refused):
    """The current status does not allow the requested status. `allowed` lists the statuses that can be set."""

    def __init__(self, noun: str, from_: str, to: str, allowed: Sequence[str]) -> None:
        self.noun, self.from_, self.to, self.allowed = noun, from_, to, tuple(allowed)
        advice = f"Statuses that you can set: {', '.join(allowed)}." if allowed else "Its status can no longer be set."
        if to in BY_PAYMENT:
            advice = f"This status follows from payments: record a payment to reach it. {advice}"
        super().__init__(f"This {noun} is {words(from_)} and cannot become {words(to)}. {advice}")


class Conflict(DomainError):
    """The command contradicts another object of the organization."""


class StaleVersion(DomainError):
    """The caller's `If-Match` does not name the current version of the object."""

    def __init__(self, current: int) -> None:
        self.current = current
        super().__init__(
            f'If-Match does not name the current version: the ETag is now "{current}". '
            "Read the object again, then repeat your change with that ETag."
        )
