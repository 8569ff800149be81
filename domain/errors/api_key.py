"""The refusals about API keys, and about what one key may do to another."""

from __future__ import annotations

from collections.abc import Iterable

from domain.errors import DomainError, InvalidTransition
from domain.errors.violation import Violation


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


class KeyNotActive(InvalidTransition):
    """A request to rotate or change a key came after the key was revoked or had expired."""

    def __init__(self, status: str, action: str) -> None:
        """`action` is what cannot be done any more: `rotated` or `changed`."""
        super().__init__("API key", status, "active", ())
        self.args = (f"This API key is {status}, and only an active key can be {action}. Create another key.",)
