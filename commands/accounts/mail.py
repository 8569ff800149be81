"""The kinds of mails that the service sends, their statuses, and which events cause some."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from domain.accounts.budget import Budget
from domain.accounts.mode import is_live
from domain.accounts.people import People
from domain.aggregate import Event
from domain.api_key import ApiKey
from domain.webhook import Webhook


class MailKind(StrEnum):
    """Every kind of mail, by its stored name. Its text is the template of this name in `api/pages/mails/templates/`."""

    PASSWORD_RESET = "password_reset"  # noqa: S105 -- a name
    """Somebody has asked for a link to set a new password."""
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 -- a name
    FACTORS_CHANGED = "factors_changed"
    """A second factor was added or removed, all were removed, or new recovery codes were made."""
    INVITATION = "invitation"
    ADDRESS_CONFIRMATION = "address_confirmation"
    """Somebody signs up with the address."""
    ALREADY_SIGNED_UP = "already_signed_up"
    """Somebody signs up with the address of a user."""
    THRESHOLD_REACHED = "threshold_reached"
    """An API key, or all keys together, have used 50, 80 or 100 % of their credits."""
    WEBHOOK_DISABLED = "webhook_disabled"
    KEY_LEAKED = "key_leaked"
    UNKNOWN_BROWSER = "unknown_browser"
    """The user has logged in with a browser that was not known before."""
    TEST = "test"
    """An operator tries the settings."""


TO_MANAGERS = frozenset({MailKind.THRESHOLD_REACHED, MailKind.WEBHOOK_DISABLED, MailKind.KEY_LEAKED})
"""The kinds that concern an organization, and go to its owners and admins."""
SENT, REFUSED = "sent", "refused"
"""Two statuses of a mail. The others are `queued`, `expired`, and `dropped` for a mail that nobody gets."""


class Cause(NamedTuple):
    """What an event causes: the kind of the mail, what it is about, and the threshold or the reason."""

    kind: MailKind
    object_id: str
    detail: str | None


def mails_caused_by(org_id: str, events: Sequence[Event]) -> list[Cause]:
    """Return the mails that the events of a command cause; those of a test log cause none.

    Of several thresholds that are reached at once, only the highest one is told.
    """
    causes = [_CAUSES[type(event)](event) for event in events if type(event) in _CAUSES] if is_live(org_id) else []
    return [*{(cause.kind, cause.object_id): cause for cause in causes}.values()]


def _threshold(event: ApiKey.ThresholdReached | Budget.ThresholdReached) -> Cause:
    return Cause(MailKind.THRESHOLD_REACHED, str(event.originator_id), str(event.threshold))


_CAUSES: Mapping[type[Event], Callable[[Any], Cause]] = {
    People.Invited: lambda event: Cause(MailKind.INVITATION, event.user_id, None),
    ApiKey.ThresholdReached: _threshold,
    Budget.ThresholdReached: _threshold,
    Webhook.Disabled: lambda event: Cause(MailKind.WEBHOOK_DISABLED, event.originator_id, event.paused_reason),
}
