"""Admission: whose key a request carries, and whether the key has credit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from domain.window import CREDIT_WINDOW


class Admission(msgspec.Struct, frozen=True):
    """An admitted request: its organization and key, and the key's credits after this request."""

    org_id: str
    key_id: str
    scopes: Sequence[str]
    limit: int
    used: int
    first_at: datetime | None
    """When the oldest request in the window was admitted; None when the window is empty."""
    last_at: datetime | None
    """When the newest request in the window was admitted; None when the window is empty."""
    asked_at: datetime
    """When this request was admitted or refused."""
    readmitted_at: datetime | None = None
    """The instant from which the next request is admitted; None while the key has credit."""

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)

    @property
    def reset_at(self) -> datetime | None:
        """When the next credit returns; None when no credit is spent."""
        return self.readmitted_at or (self.first_at and self.first_at + CREDIT_WINDOW)

    @property
    def fully_reset_at(self) -> datetime | None:
        """When all credits are back; None when no credit is spent."""
        return self.last_at and self.last_at + CREDIT_WINDOW


class KeyOwner(NamedTuple):
    """The organization that a key belongs to, and the key's id. Neither ever changes."""

    org_id: str
    key_id: str


class Caller(msgspec.Struct, kw_only=True):
    """The sender of a request: the key that was sent, what the request needs, and the admission once it is known."""

    key_hash: bytes
    method: str
    route: str
    """The path template."""
    scope: str | None
    """The scope that the key needs; None when any valid key is enough."""
    free: bool
    """Whether the request costs no credit."""
    deadline: float
    """When the request must be answered, in seconds of `time.monotonic`."""
    expected: KeyOwner | None = None
    """The owner of the key in an earlier request; None for a key that is new to this process.

    With it, the admission and what the request is for can be sent together. The result is used only when the admission
    names the same owner.
    """
    is_asked: bool = False
    """Whether admission control was asked. It is asked only once, because an admission costs a credit."""
    admission: Admission | None = None
    """The admission, even when the key had no credit left; None until the key is known to be valid."""

    @property
    def owner(self) -> KeyOwner:
        """The owner of the key: that of the admission, or until then the expected one."""
        if self.admission is not None:
            return KeyOwner(self.admission.org_id, self.admission.key_id)
        assert self.expected is not None, "the caller must be admitted first"
        return self.expected


class AdmissionControl(Protocol):
    """Finds the key of a request and spends its credit."""

    def expected_owner(self, key_hash: bytes) -> KeyOwner | None:
        """Return the owner of a key that this process has admitted before, from memory."""

    def admit(self, caller: Caller) -> None:
        """Spend one credit of the caller's key, unless the request is free, and set the caller's admission.

        Raises UnknownKey, RevokedKey, ExpiredKey, CreditExhausted, InsufficientScope or Unavailable.
        """


class KeyRefused(Exception):
    """The key is not accepted."""


class UnknownKey(KeyRefused):
    """No key has this hash."""


class RevokedKey(KeyRefused):
    """The key was revoked."""


class ExpiredKey(KeyRefused):
    """The key has expired, or its secret was replaced and the overlap is over."""


class CreditExhausted(Exception):
    """All credits of the window are spent; the admission says when the next one returns."""

    def __init__(self, admission: Admission) -> None:
        self.admission = admission
        super().__init__(admission.key_id)


class InsufficientScope(Exception):
    """The key lacks the scope that the request needs. The request has cost its credit."""

    def __init__(self, scope: str, scopes: Sequence[str]) -> None:
        self.scope, self.scopes = scope, tuple(scopes)
        super().__init__(
            f"This request needs the scope {scope}; the key has: {', '.join(scopes)}. Use a key that has it."
        )


AdmissionRefused = (KeyRefused, CreditExhausted, InsufficientScope)
"""Every refusal of admission control."""
