"""Writes security events as sentences that say who did what to whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from markupsafe import Markup, escape

from api.console.activity.sentences import actor_name
from api.pages.navigation import CONSOLE
from api.pages.others_texts import bdi, short
from api.pages.translation import gettext as _
from api.pages.translation import marked
from domain.accounts.security_event import SecurityEventKind as Kind
from domain.accounts.user import ROLE_NAMES
from projections.views.activity import DisplayName
from projections.views.security_events import SecurityEntry

GROUPS: Mapping[str, str] = {
    "log-in": marked("Log-ins"),
    "failure": marked("Failed log-ins"),
    "log-out": marked("Log-outs"),
    "password": marked("Passwords and links"),
    "factor": marked("Second factors"),
    "people": marked("People and organization"),
    "key": marked("API keys"),
    "webhook": marked("Webhooks"),
    "data": marked("Copies of data, and test data"),
}
"""What the filter of the page offers: the value of the parameter `kind`, and its label."""
OPERATOR = marked("The administrator of this service")
SOMEBODY = marked("Somebody")


class Words(NamedTuple):
    """The group of a kind of event, and the sentence about it.

    `{who}` is the actor, `{user}`, `{key}` and `{webhook}` the object, `{role}` the role that was given, and `{list}`
    the list that was downloaded.
    """

    group: str
    sentence: str


WORDS: Mapping[Kind, Words] = {
    Kind.LOGIN_SUCCEEDED: Words("log-in", marked("{user} logged in")),
    Kind.LOGIN_AWAITS_FACTOR: Words(
        "log-in", marked("{user} gave the right password, and was asked for a second factor")
    ),
    Kind.LOGIN_WRONG_PASSWORD: Words("failure", marked("Somebody gave a wrong password for {user}")),
    Kind.LOGIN_UNKNOWN_ACCOUNT: Words("failure", marked("Somebody tried to log in to an account that does not exist")),
    Kind.LOGIN_WRONG_FACTOR: Words("failure", marked("Somebody gave a wrong second factor for {user}")),
    Kind.LOGIN_THROTTLED: Words("failure", marked("A log-in as {user} was refused, because too many had failed")),
    Kind.THROTTLING_BROWSER: Words(
        "failure", marked("Too many log-ins as {user} failed in a known browser: the next one in it must wait")
    ),
    Kind.THROTTLING_ACCOUNT: Words(
        "failure",
        marked("Too many log-ins as {user} failed in unknown browsers: the next one in such a browser must wait"),
    ),
    Kind.THROTTLING_ADDRESS: Words(
        "failure", marked("Too many log-ins from this address failed, the last one as {user}: the next one must wait")
    ),
    Kind.SESSION_ENDED: Words("log-out", marked("{who} ended a session")),
    Kind.SESSIONS_ENDED: Words("log-out", marked("{who} logged out everywhere")),
    Kind.SESSION_OTHERS_ENDED: Words("log-out", marked("{who} ended all other sessions")),
    Kind.LINK_CREATED: Words("password", marked("{who} made a link by which {user} sets a password")),
    Kind.INVITATION_SHOWN: Words("password", marked("{who} was shown the link of the invitation of {user}")),
    Kind.LINK_USED: Words("password", marked("{user} used a one-time link")),
    Kind.SIGN_UP_REQUESTED: Words(
        "password", marked("Somebody asked for a link to sign up with the address of {user}")
    ),
    Kind.PASSWORD_REQUESTED: Words("password", marked("Somebody asked for a link by which {user} sets a new password")),
    Kind.PASSWORD_SET: Words("password", marked("{user} set a first password")),
    Kind.PASSWORD_CHANGED: Words("password", marked("{user} changed the password")),
    Kind.MAIL_REFUSED: Words("password", marked("A mail to {user} could not be delivered")),
    Kind.FACTOR_ADDED: Words("factor", marked("{user} added a second factor")),
    Kind.FACTOR_RENAMED: Words("factor", marked("{user} renamed a second factor")),
    Kind.FACTOR_REMOVED: Words("factor", marked("{user} removed a second factor")),
    Kind.FACTORS_RESET: Words("factor", marked("{who} removed all second factors of {user}")),
    Kind.RECOVERY_CODE_USED: Words("factor", marked("{user} used a recovery code")),
    Kind.RECOVERY_CODES_REPLACED: Words("factor", marked("{user} made new recovery codes")),
    Kind.SETUP_WRONG_CODE: Words("failure", marked("Somebody typed a wrong code at /setup")),
    Kind.ORGANIZATION_CREATED: Words("people", marked("{who} set up the organization")),
    Kind.ORGANIZATION_REMOVED: Words("people", marked("{who} removed an organization")),
    Kind.USER_CREATED: Words("people", marked("{who} added {user} as {role}")),
    Kind.USER_INVITED: Words("people", marked("{who} invited {user} as {role}")),
    Kind.USER_JOINED: Words("people", marked("{user} accepted an invitation")),
    Kind.USER_PROMOTED: Words("people", marked("{who} changed the role of {user} to {role}, which has more rights")),
    Kind.USER_DEMOTED: Words("people", marked("{who} changed the role of {user} to {role}, which has fewer rights")),
    Kind.USER_REMOVED: Words("people", marked("{who} removed {user}")),
    Kind.ORGANIZATION_CHANGED: Words("people", marked("{who} changed the settings of the organization")),
    Kind.KEY_CREATED: Words("key", marked("{who} created the API key {key}")),
    Kind.KEY_SHOWN: Words("key", marked("{who} was shown the secret of the API key {key}")),
    Kind.KEY_CHANGED: Words("key", marked("{who} changed the API key {key}")),
    Kind.KEY_ROTATED: Words("key", marked("{who} rotated the API key {key}")),
    Kind.KEY_LEAKED: Words("key", marked("{who} reported the API key {key} as public")),
    Kind.KEY_REVOKED: Words("key", marked("{who} revoked the API key {key}")),
    Kind.WEBHOOK_CREATED: Words("webhook", marked("{who} created the webhook {webhook}")),
    Kind.WEBHOOK_SHOWN: Words("webhook", marked("{who} was shown the secret of the webhook {webhook}")),
    Kind.WEBHOOK_CHANGED: Words("webhook", marked("{who} changed the webhook {webhook}")),
    Kind.WEBHOOK_ROTATED: Words("webhook", marked("{who} replaced the secret of the webhook {webhook}")),
    Kind.WEBHOOK_DELETED: Words("webhook", marked("{who} deleted the webhook {webhook}")),
    Kind.LOG_EMPTIED: Words("data", marked("{who} emptied the test log")),
    Kind.BUDGET_CHANGED: Words("key", marked("{who} changed the budget of the organization")),
    Kind.LOG_EXPORTED: Words("data", marked("{who} copied the log")),
    Kind.LIST_DOWNLOADED: Words("data", marked("{who} downloaded a list: {list}")),
    Kind.LOG_IMPORTED: Words("data", marked("{who} imported logs")),
    Kind.LOG_SEALED: Words("data", marked("{who} sealed the logs")),
    Kind.LOG_KEY_ROTATED: Words("data", marked("{who} replaced the key that signs checkpoints")),
    Kind.ERASURE_REQUESTED: Words("data", marked("{who} asked to erase a person")),
    Kind.PERSON_ERASED: Words("data", marked("{who} erased what was held about a person")),
    Kind.LOG_REWRITTEN: Words("data", marked("{who} rewrote the log, so that personal data can be erased")),
    Kind.RETENTION_CHANGED: Words("data", marked("{who} changed for how long records are kept")),
}


def kinds_of(group: str) -> tuple[Kind, ...]:
    """Return the kinds of events of a group. Raises ValueError for an unknown group."""
    if group not in GROUPS:
        raise ValueError(group)
    return tuple(kind for kind, words in WORDS.items() if words.group == group)


def sentence_of(entry: SecurityEntry, users: Mapping[str, str], keys: Mapping[str, DisplayName]) -> Markup:
    """Return the sentence about an event, as HTML. `users` are the names of users, and `keys` those of keys, by id."""
    words = WORDS.get(entry.kind)  # type: ignore[call-overload]  # a kind is a str; a later version may know more
    if words is None:
        return escape("{}: {}").format(_actor(entry, users, keys), entry.kind)
    id = entry.object_id or ""
    return escape(_(words.sentence)).format(
        who=_actor(entry, users, keys),
        user=bdi(short(users.get(id) or _("a user"))),
        key=bdi(short(keys[id].name if id in keys else id)),
        webhook=bdi(id),
        role=_(ROLE_NAMES.get(entry.role or "", "")) or _("a user"),
        list=_list_title(entry.list),
    )


def _list_title(kind: str | None) -> str:
    """Return the title of the list of a kind of objects, such as "Invoices"."""
    link = next((each for each in CONSOLE if each.kind and each.kind == kind), None)
    return kind or "" if link is None else _(link.title)


def _actor(entry: SecurityEntry, users: Mapping[str, str], keys: Mapping[str, DisplayName]) -> Markup | str:
    if entry.actor_type is None:
        return _(SOMEBODY)
    if entry.actor_type == "operator":
        return _(OPERATOR)
    return actor_name((entry.actor_type, entry.actor_id or ""), users, keys)
