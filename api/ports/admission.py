"""The port for admission: whether the key of a request is valid, has the scope, and has credit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from commands.unit_of_work import Unavailable
from domain.accounts.window import BUDGET_POLICY, CREDIT_WINDOW

T = TypeVar("T")

ADMITTED, EXHAUSTED, UNKNOWN, REVOKED, EXPIRED, ELSEWHERE, BURST, OVER_BUDGET = VERDICTS = (
    "admitted",
    "exhausted",
    "unknown",
    "revoked",
    "expired",
    "elsewhere",
    "burst",
    "over_budget",
)
"""The verdicts of the SQL function `admit`."""


class OtherLimit(msgspec.Struct, frozen=True, rename="camel"):
    """A limit of a key besides its credit window, after the request: its burst, or the budget of its organization."""

    policy: str
    """The name of the limit in the headers: `burst` or `organization`."""
    limit: int
    used: int
    """The number of requests that count now."""
    reset_at: datetime | None
    """The time at which the oldest of these requests no longer counts; None if there is none."""
    readmitted_at: datetime | None = None
    """Of a budget without credit, the time from which the next request is admitted; None otherwise."""
    fully_reset_at: datetime | None = None
    """Of a budget, the time at which none of these requests counts any more; None if there is none."""

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)


class Admission(msgspec.Struct, frozen=True):
    """An admitted request: its organization and key, and the key's credits after this request."""

    org_id: str
    key_id: str
    scopes: tuple[str, ...]
    limit: int
    used: int
    first_at: datetime | None
    """The time of the oldest admitted request in the window; None when the window is empty."""
    last_at: datetime | None
    """The time of the newest admitted request in the window; None when the window is empty."""
    asked_at: datetime
    """The time at which this request was admitted or refused."""
    readmitted_at: datetime | None = None
    """The time from which the next request is admitted; None while the key has credit."""
    others: tuple[OtherLimit, ...] = ()
    """The limits that the key has besides the window."""

    @property
    def budget(self) -> OtherLimit | None:
        """The budget of the organization; None if it has none."""
        return next((each for each in self.others if each.policy == BUDGET_POLICY), None)

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)

    @property
    def reset_at(self) -> datetime | None:
        """The time at which the next credit returns; None when no credit is spent."""
        return self.readmitted_at or (self.first_at and self.first_at + CREDIT_WINDOW)

    @property
    def fully_reset_at(self) -> datetime | None:
        """The time at which all spent credits have returned; None when no credit is spent."""
        return self.last_at and self.last_at + CREDIT_WINDOW


class KeyOwner(NamedTuple):
    """The organization to which a key belongs, the id of the key, and its scopes. Only the scopes can change."""

    org_id: str
    key_id: str
    scopes: tuple[str, ...]


class ScopesChanged(Unavailable):
    """The key has other scopes than the request has assumed before it was admitted. It must be asked again."""


class Caller(msgspec.Struct, kw_only=True):
    """The sender of a request: the key, what the request needs, and the result of the admission."""

    key_hash: bytes
    """The SHA-256 hash of the key's secret."""
    method: str
    route: str
    """The path template, such as `/api/v1/invoices/{id}`."""
    scope: str | None
    """The scope that the key needs; None when any valid key is enough."""
    free: bool
    """Whether the request costs no credit."""
    address: str = ""
    """The network address from which the request came; empty if it is not known."""
    any_scope: tuple[str, ...] = ()
    """Scopes of which the key needs at least one; empty if `scope` says what the key needs."""
    expected_owner: KeyOwner | None = None
    """The owner that the key had when it was last admitted; None for a key that is new to this process.

    With the expected owner, the process can send the admission and the query of the request together. The process uses
    the result of the query only if the admission names the same owner.
    """
    least_position: int | None = None
    """The position of the log that the response must show at least. None if only the primary database may answer."""
    assumed_scopes: tuple[str, ...] | None = None
    """The scopes that `scopes` has returned before the admission; None if nobody asked."""
    is_asked: bool = False
    """Whether admission control was called. It is called only once, because an admission costs a credit."""
    admission: Admission | None = None
    """The admission, even if the key has no credit left. None before admission, and for an invalid key."""

    @property
    def owner(self) -> KeyOwner:
        """The owner of the key: after the admission the owner that it names, before the admission the expected one."""
        if self.admission is not None:
            return KeyOwner(self.admission.org_id, self.admission.key_id, self.admission.scopes)
        assert self.expected_owner is not None, "the caller must be admitted first"
        return self.expected_owner

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of the key: after the admission those that it names, before the admission the expected ones.

        If a request has used other scopes than those of the admission, the admission raises ScopesChanged.
        """
        if self.admission is None:
            self.assumed_scopes = self.owner.scopes
        return self.owner.scopes


def with_present_scopes(ask: Callable[[], T]) -> T:
    """Return `ask()`, which uses `Caller.scopes`. Call it again if the key has other scopes by now."""
    try:
        return ask()
    except ScopesChanged:
        return ask()


class AdmissionControl(Protocol):
    """Finds the key of a request, checks it, and spends a credit."""

    def expected_owner(self, key_hash: bytes) -> KeyOwner | None:
        """Return the owner of a key that this process has admitted before; None for any other key."""

    def admit(self, caller: Caller) -> None:
        """Spend one credit of the caller's key, unless the request is free, and set the caller's admission.

        Raises UnknownKey, RevokedKey, ExpiredKey, AddressNotAllowed, CreditExhausted, BurstExceeded,
        BudgetExhausted, InsufficientScope or Unavailable.
        """


class KeyRefused(Exception):
    """The base of the refusals of a key that is not valid."""


class UnknownKey(KeyRefused):
    """No key has this hash."""


class RevokedKey(KeyRefused):
    """The key was revoked."""


class ExpiredKey(KeyRefused):
    """The key has expired, or its secret was replaced and the overlap is over."""


class AddressNotAllowed(Exception):
    """The key may not be used from the network address of the request. The request has cost no credit."""

    def __init__(self, address: str, org_id: str = "", key_id: str = "") -> None:
        """`address` is empty if the address of the request is not known. The key has this id, in this organization."""
        self.address, self.org_id, self.key_id = address, org_id, key_id
        seen = f"the address {address}" if address else "an address that the service does not know"
        add = f"to add {address}" if address else "to allow every network"
        super().__init__(
            f"This key may be used from some networks only, and this request came from {seen}. Send it from a network "
            f"that the key allows, or ask the key's owner {add}: Settings → Developer, Edit."
        )


class CreditExhausted(Exception):
    """All credits of the window are spent. `admission.readmitted_at` is the time when the next credit returns."""

    def __init__(self, admission: Admission) -> None:
        self.admission = admission
        super().__init__(admission.key_id)


class BurstExceeded(Exception):
    """The key has sent as many requests within the last second as it may. The request has cost no credit."""

    def __init__(self, admission: Admission, limit: OtherLimit) -> None:
        self.admission, self.limit = admission, limit
        super().__init__(admission.key_id)


class BudgetExhausted(Exception):
    """All credits of the organization's budget are spent. The request has cost no credit."""

    def __init__(self, admission: Admission, limit: OtherLimit) -> None:
        self.admission, self.limit = admission, limit
        super().__init__(admission.org_id)


class InsufficientScope(Exception):
    """The key lacks the scope that the request needs. The request has still cost a credit."""

    def __init__(self, scope: str, scopes: Sequence[str], *others: str) -> None:
        """`others` are scopes of which each one would be enough, too."""
        self.scope, self.scopes = scope, tuple(scopes)
        needed = f"one of the scopes {', '.join((scope, *others))}" if others else f"the scope {scope}"
        advice = "Use a key with one of them." if others else "Use a key with this scope."
        super().__init__(f"This request needs {needed}; the key has: {', '.join(scopes)}. {advice}")


AdmissionRefused = (
    KeyRefused,
    AddressNotAllowed,
    CreditExhausted,
    BurstExceeded,
    BudgetExhausted,
    InsufficientScope,
)
"""All refusals of admission control."""
