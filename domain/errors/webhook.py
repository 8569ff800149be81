"""The refusals about webhooks."""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import Conflict, DomainError, NotFound


class TypeOutsideScopes(DomainError):
    """A webhook cannot get events of this type, because its scopes do not show them."""

    def __init__(self, type: str, scope: str, scopes: Sequence[str]) -> None:
        """`scope` is the scope that the type needs; `scopes` are those that the webhook has, or would have."""
        self.type, self.scope, self.scopes = type, scope, tuple(scopes)
        super().__init__(
            f"The type {type} needs the scope {scope}; the webhook has: {', '.join(scopes)}. Use a key with this scope."
        )


class NoReplay(NotFound):
    """The webhook has had no replay."""

    def __init__(self, webhook_id: str) -> None:
        super().__init__("replay", webhook_id)
        self.args = ("This webhook has had no replay.",)


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
