"""The kinds of security events: log-ins, changes of users, keys and webhooks, exports of logs, emptied test logs."""

from __future__ import annotations

from enum import StrEnum


class SecurityEventKind(StrEnum):
    """Every kind of security event, by its stored name. A name never changes, because stored events have it."""

    LOGIN_SUCCEEDED = "login.succeeded"
    LOGIN_WRONG_PASSWORD = "login.wrong_password"  # noqa: S105 -- a name
    LOGIN_UNKNOWN_ACCOUNT = "login.unknown_account"
    """No user has the e-mail address that was typed. The address is not stored."""
    LOGIN_THROTTLED = "login.throttled"
    """A log-in was refused, even with the right password, because too many had failed. Stored at most once a minute."""
    THROTTLING_BROWSER = "throttling.browser"
    """A known browser has used up its attempts for an account."""
    THROTTLING_ACCOUNT = "throttling.account"
    """Unknown browsers have used up the attempts that they share for an account."""
    THROTTLING_ADDRESS = "throttling.address"
    """Unknown browsers have used up the attempts that they share for a network address."""
    SESSION_ENDED = "session.ended"
    """A user logged out, or logged in again in the same browser."""
    SESSIONS_ENDED = "session.ended_everywhere"
    LINK_CREATED = "link.created"
    LINK_USED = "link.used"
    PASSWORD_SET = "password.set"  # noqa: S105 -- a name
    """A user who had no password has set one."""
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 -- a name
    USER_CREATED = "user.created"
    USER_INVITED = "user.invited"
    USER_JOINED = "user.joined"
    """A user has accepted an invitation."""
    USER_PROMOTED = "user.promoted"
    USER_DEMOTED = "user.demoted"
    USER_REMOVED = "user.removed"
    KEY_CREATED = "key.created"
    KEY_SHOWN = "key.shown"
    """The secret of a new or rotated key was sent to a person or to a managing key."""
    KEY_CHANGED = "key.changed"
    """A person or a managing key changed a key's name, scopes, credit limit or expiry, or a person its right to manage
    keys."""
    KEY_ROTATED = "key.rotated"
    KEY_LEAKED = "key.leaked"
    """A key was found in public, and was revoked for that."""
    KEY_REVOKED = "key.revoked"
    WEBHOOK_CREATED = "webhook.created"
    WEBHOOK_SHOWN = "webhook.shown"
    """The secret of a new or rotated webhook was sent to a person or to the key that has made it."""
    WEBHOOK_CHANGED = "webhook.changed"
    """A person or a key changed a webhook, such as the URL to which events are sent, or stopped or resumed it."""
    WEBHOOK_ROTATED = "webhook.rotated"
    WEBHOOK_DELETED = "webhook.deleted"
    LOG_EMPTIED = "log.emptied"
    """A key of test mode has emptied its test log. Logs of live data cannot be emptied."""
    BUDGET_CHANGED = "budget.changed"
    """A person set, changed or removed the budget of the organization."""
    ORGANIZATION_CHANGED = "organization.changed"
    """A person changed the name, the time zone or the series of the organization."""
    LOG_EXPORTED = "log.exported"
    LOG_IMPORTED = "log.imported"
    LOG_SEALED = "log.sealed"
