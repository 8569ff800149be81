"""The refusals of the domain. Each class is named after the reason of the refusal and holds the facts as attributes.

    DomainError
    ├── NotFound                no such object in this organization
    │   ├── NoVersionYet        the object did not exist yet at the requested time
    │   ├── PaymentNotFound     no such payment of this invoice or bill
    │   └── NoReplay            the webhook has had no replay
    ├── TypeOutsideScopes       the scopes do not show the events of a type
    ├── KeyForbidden            the key of the request may not do this to another key
    │   ├── ManagingKeyNeeded   it may not manage keys
    │   ├── ProtectedKey        the other key manages keys, so only people change it
    │   └── BeyondOwnKey        the other key would have more than it has itself
    ├── Invalid                 wrong fields, each a Violation
    ├── Refused                 a business rule forbids the command in the object's current state
    │   ├── AlreadyReversed     the payment was already taken back
    │   └── InvalidTransition   the status cannot be set from the current one
    │       ├── ActionRefused   the status allows no payments
    │       ├── LeaveHasBegun   the approved leave cannot be cancelled any more
    │       └── KeyNotActive    the API key was revoked, or has expired
    ├── Conflict                the command contradicts another object
    │   ├── DuplicateNumber     the document's number is taken
    │   ├── DuplicatePayment    the document has this payment already
    │   ├── LeaveOverlap        the employee is absent at that time already
    │   ├── DuplicateWebhook    there is a webhook with the same URL, types and scopes
    │   ├── ReplayRunning       a replay of the webhook has not ended
    │   └── TooManyWebhooks     the organization has as many webhooks as it can have
    ├── ConsoleRefusal          no request with a key can meet it: the last owner, and who may change people
    ├── LiveMode                the request is for test mode alone
    ├── StaleVersion            If-Match does not name the current version
    └── KeyReused               the Idempotency-Key belongs to another request (commands/command.py)

No class depends on HTTP: `api/http/error_table.py` maps each class to a status and a code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from domain.calendar import instant

VALIDATION_FAILED = "validation_failed"
UNKNOWN_FIELD = "unknown_field"
READ_ONLY_FIELD = "read_only_field"
AMOUNT_EXCEEDS_BALANCE = "amount_exceeds_balance"
BEYOND_OWN_KEY = "beyond_own_key"
BY_PAYMENT = frozenset(("partially_paid", "paid"))
"""The statuses that no request can set, because they follow from payments."""
MAX_VIOLATIONS = 1000
"""How many wrong fields of a request are looked for at most. A body can have a hundred thousand of them."""
MAX_REPEATED = 64
"""How many characters of a client's text a message repeats at most. Valid ids and numbers are not longer."""


Hint = Callable[[], str | None]
"""A function that returns what the client probably meant; None if nothing is similar enough.

A body can have so many wrong fields that suggestions for all of them would take long. Therefore the function is called
only for the fields that the response shows.
"""


class Violation(NamedTuple):
    """One wrong field of a body, or one wrong query parameter or header."""

    field: str
    """The name of the field, parameter or header in the API. For a field, the name includes its place in the body:
    `items[0].quantity`."""
    code: str
    message: str
    """The end of a sentence that begins with the field's name, such as "must be greater than 0". It starts in lower
    case and has no full stop."""
    hint: Hint | None = None

    @property
    def suggestion(self) -> str | None:
        """The name or the value that the client probably meant; None if there is none."""
        return None if self.hint is None else self.hint()

    @property
    def summary(self) -> str:
        """The message. If there is a suggestion, it stands in place of the advice after the semicolon."""
        suggestion, rule = self.suggestion, self.message.partition(";")[0]
        return self.message if suggestion is None else f"{rule} (did you mean {suggestion}?)"

    @property
    def advice(self) -> str:
        """The message with suggestion and advice: "is not a field of this request (did you mean clientId?); …"."""
        _, separator, rest = self.message.partition(";")
        return self.message if self.suggestion is None else f"{self.summary}{separator}{rest}"


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
        super().__init__(f"There is no {_words(kind)} with the id '{shorten(id)}' in your organization.")


class NoVersionYet(NotFound):
    """The request asks for the state of an object at a time before the object's first version."""

    def __init__(self, kind: str, id: str, at: datetime, first: datetime) -> None:
        super().__init__(kind, id)
        self.args = (
            f"The {_words(kind)} '{shorten(id)}' had no version at {instant(at)}; "
            f"its first version was recorded at {instant(first)}.",
        )


class PaymentNotFound(NotFound):
    """The invoice or bill has no payment with this id."""

    def __init__(self, noun: str, id: str) -> None:
        super().__init__("payment", id)
        self.args = (
            f"This {noun} has no payment with the id '{shorten(id)}'; its payments are listed in the {noun} itself.",
        )


class NoReplay(NotFound):
    """The webhook has had no replay."""

    def __init__(self, webhook_id: str) -> None:
        super().__init__("replay", webhook_id)
        self.args = ("This webhook has had no replay.",)


class Invalid(DomainError):
    """One or more fields are wrong. `violations` lists all of them."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__(f"{'; '.join(f'{each.field} {each.message}' for each in self.violations)}.")


class TypeOutsideScopes(DomainError):
    """A webhook cannot get events of this type, because its scopes do not show them."""

    def __init__(self, type: str, scope: str, scopes: Sequence[str]) -> None:
        """`scope` is the scope that the type needs; `scopes` are those that the webhook has, or would have."""
        self.type, self.scope, self.scopes = type, scope, tuple(scopes)
        super().__init__(
            f"The type {type} needs the scope {scope}; the webhook has: {', '.join(scopes)}. Use a key with this scope."
        )


class KeyForbidden(DomainError):
    """The key of the request may not do this to another key."""


class ManagingKeyNeeded(KeyForbidden):
    """The key of the request may not manage keys, or not any more."""

    def __init__(self) -> None:
        super().__init__(
            "This request needs an API key that may manage keys. An owner or admin allows a key to do this in the "
            "console, under Settings → Developer."
        )


class ProtectedKey(KeyForbidden):
    """The request would change, rotate or revoke a key that may manage keys: the key of the request or another one."""

    def __init__(self, action: str) -> None:
        """`action` is what the request would do to the key: `changed`, `rotated` or `revoked`."""
        super().__init__(
            f"A key that may manage keys cannot be {action} by a request, only by an owner or admin in the console."
        )


class BeyondOwnKey(KeyForbidden):
    """The other key would have more than the key of the request. `violations` lists the fields."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        problems = "; ".join(f"{each.field} {each.message}" for each in self.violations)
        super().__init__(f"A key gives another key nothing that it does not have itself: {problems}.")


class Refused(DomainError):
    """A business rule forbids the command in the object's current state."""


class AlreadyReversed(Refused):
    """The payment was already taken back. A payment can be taken back only once."""

    def __init__(self, id: str, reversed_on: date | None) -> None:
        self.id, self.reversed_on = id, reversed_on
        super().__init__(
            f"The payment {id} was already reversed, on {reversed_on}, and no longer counts. If the money was paid "
            "later, record it as a new payment."
        )


class InvalidTransition(Refused):
    """The current status does not allow the requested status. `allowed` lists the statuses that can be set."""

    def __init__(self, noun: str, from_: str, to: str, allowed: Sequence[str]) -> None:
        self.noun, self.from_, self.to, self.allowed = noun, from_, to, tuple(allowed)
        advice = f"Statuses that you can set: {', '.join(allowed)}." if allowed else "Its status can no longer be set."
        if to in BY_PAYMENT:
            advice = f"This status follows from payments: record a payment to reach it. {advice}"
        super().__init__(f"This {noun} is {_words(from_)} and cannot become {_words(to)}. {advice}")


class ActionRefused(InvalidTransition):
    """The current status does not allow the action."""

    def __init__(self, noun: str, from_: str, action: str, allowed: Sequence[str], needed: str) -> None:
        """`action` is a plural noun, such as "payments". `needed` is the status that allows the action.

        A request can set the status `needed` if it is in `allowed`.
        """
        super().__init__(noun, from_, action, allowed)
        advice = f"Set its status to {needed} first." if needed in allowed else f"Its status cannot be set to {needed}."
        self.args = (f"This {noun} is {_words(from_)} and does not take {action}. {advice}",)


class LeaveHasBegun(InvalidTransition):
    """A request to cancel an approved leave came on the leave's first day or later."""

    def __init__(self, start: str) -> None:
        super().__init__("leave", "approved", "cancelled", ())
        rule = "An approved leave can be cancelled until the day before it begins"
        self.args = (f"{rule}; this one began on {start}. To end it earlier, PATCH its endDate.",)


class KeyNotActive(InvalidTransition):
    """A request to rotate or change a key came after the key was revoked or had expired."""

    def __init__(self, status: str, action: str) -> None:
        """`action` is what cannot be done any more: `rotated` or `changed`."""
        super().__init__("API key", status, "active", ())
        self.args = (f"This API key is {status}, and only an active key can be {action}. Create another key.",)


class Conflict(DomainError):
    """The command contradicts another object of the organization."""


class DuplicateNumber(Conflict):
    """Another document of the organization already has this number in the same financial year.

    Source: rule 46(b) of India's CGST Rules, 2017, which requires a serial number that is unique for a financial year.
    """

    def __init__(self, number: str, financial_year: str, conflicting_id: str | None = None, of: str = "") -> None:
        """`of` names the documents among which a bill's number must be unique, such as "bills of acme"."""
        self.number, self.financial_year, self.conflicting_id = number, financial_year, conflicting_id
        if of:
            advice = "Check whether this bill was entered before."
        else:
            advice = "Send another one, or leave the number out to get the next one of your own series."
        where = f"among the {of} in" if of else "in"
        super().__init__(
            f"The number '{number}' is already taken {where} the financial year {financial_year}. {advice}"
        )


class DuplicatePayment(Conflict):
    """The document has a payment with the same reference, kind, amount and day."""

    def __init__(self, conflicting_id: str) -> None:
        self.conflicting_id = conflicting_id
        super().__init__(
            "A payment with the same reference, kind, amount and day is already recorded on this document "
            f"({conflicting_id}). If this is a different payment, give it a different reference. If the recorded "
            "payment is wrong, reverse it first."
        )


class LeaveOverlap(Conflict):
    """The employee has another pending or approved leave at that time."""

    def __init__(self, conflicting_id: str | None = None) -> None:
        self.conflicting_id = conflicting_id
        super().__init__(
            f"This employee already has a pending or approved leave at that time ({conflicting_id}). "
            "Choose other days, or cancel the other leave first."
        )


class DuplicateWebhook(Conflict):
    """The organization has a webhook with the same URL, types and scopes."""

    def __init__(self, conflicting_id: str | None = None) -> None:
        self.conflicting_id = conflicting_id
        super().__init__(
            f"There is a webhook with this URL and these types already ({conflicting_id}). Use it, or delete it first."
        )


class ReplayRunning(Conflict):
    """A webhook has one replay at a time, and one has not ended."""

    def __init__(self, conflicting_id: str) -> None:
        self.conflicting_id = conflicting_id
        super().__init__(
            f"The replay {conflicting_id} of this webhook has not ended. Wait until it has, or cancel it first."
        )


class TooManyWebhooks(Conflict):
    """The organization has as many webhooks as it can have."""

    def __init__(self, most: int) -> None:
        super().__init__(f"This organization has {most} webhooks, which is the most. Delete one that is not needed.")


class StaleVersion(DomainError):
    """The caller's `If-Match` does not name the current version of the object."""

    def __init__(self, current: int) -> None:
        self.current = current
        super().__init__(
            f'If-Match does not name the current version: the ETag is now "{current}". '
            "Read the object again, then repeat your change with that ETag."
        )


def shorten(text: str) -> str:
    """Return a client's text as messages repeat it: the first MAX_REPEATED characters, then `…` if there are more."""
    return text if len(text) <= MAX_REPEATED else f"{text[:MAX_REPEATED]}…"


def _words(name: str) -> str:
    return name.replace("_", " ")
