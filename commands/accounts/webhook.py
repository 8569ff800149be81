"""The commands on webhooks: create, change, pause, resume, disable, rotate, delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from commands.command import Command
from commands.fields import Choice, NullSets, Text
from commands.fields.others import Boolean, Duration, WordList, word_violations
from commands.unit_of_work import Handler, UnitOfWork, changing
from domain.accounts.misplaced_key import IN_TEXT, refuse_secret
from domain.accounts.security_event import SecurityEventKind
from domain.aggregate import Aggregate
from domain.errors import DomainError, Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.errors.webhook import DuplicateWebhook, TooManyWebhooks, TypeOutsideScopes
from domain.reading import InvalidValue
from domain.reading.webhook_url import MAX_URL_CHARACTERS, parse_target
from domain.registry import READ_SCOPES, event_types, matching_names, scope_of
from domain.text import has_visible_character
from domain.webhook import (
    ACTIVE,
    BY_REQUEST,
    DEFAULT_SECRET_OVERLAP,
    MAX_SECRET_OVERLAP,
    PAUSED,
    Owner,
    Webhook,
)

MAX_DESCRIPTION_CHARACTERS = 200
FROM_CURSOR, FROM_NOW = "cursor", "now"
"""Where a webhook that is set active goes on: where it stopped, or at the end of the log."""
READ_ONLY = frozenset(
    (
        "id",
        "pausedReason",
        "createdBy",
        "behind",
        "lastDeliveredAt",
        "failingSince",
        "lastError",
        "createdAt",
        "updatedAt",
        "version",
        "secret",
        "secretNotice",
    )
)
_A_TYPE = "a type of event"

Url = Text(MAX_URL_CHARACTERS)
Types = WordList(event_types(), _A_TYPE)
Description = Text(MAX_DESCRIPTION_CHARACTERS)


class CreateWebhook(Command, frozen=True, kw_only=True):
    """Let the service post events to a URL."""

    target: ClassVar[type[Aggregate]] = Webhook
    read_only: ClassVar[frozenset[str]] = READ_ONLY | {"status", "from"}
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (
        SecurityEventKind.WEBHOOK_CREATED,
        SecurityEventKind.WEBHOOK_SHOWN,
    )
    refusals: ClassVar[tuple[type[DomainError], ...]] = (TooManyWebhooks,)

    url: Annotated[str, Url]
    types: Annotated[tuple[str, ...], Types] | None = None
    description: Annotated[str, Description] | None = None
    ordered: Annotated[bool, Boolean()] | None = None
    scopes: tuple[str, ...] | None = None
    """The scopes whose events are delivered; None for all read scopes of the sender."""
    secret_id: str = ""
    """The id under which the secret is stored, which is encrypted."""


class UpdateWebhook(Command, frozen=True, kw_only=True):
    """Change a webhook, pause it, or set it active again."""

    target: ClassVar[type[Aggregate]] = Webhook
    read_only: ClassVar[frozenset[str]] = READ_ONLY
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (SecurityEventKind.WEBHOOK_CHANGED,)
    refusals: ClassVar[tuple[type[DomainError], ...]] = (DuplicateWebhook,)

    id: str
    url: Annotated[str, Url] | UnsetType = UNSET
    types: Annotated[tuple[str, ...], Types] | UnsetType | None = UNSET
    description: Annotated[str, Description] | UnsetType | None = UNSET
    ordered: Annotated[bool, Boolean(), NullSets(False)] | UnsetType = UNSET
    status: Annotated[str, Choice((ACTIVE, PAUSED))] | UnsetType = UNSET
    starts: Annotated[str, Choice((FROM_CURSOR, FROM_NOW))] | UnsetType = msgspec.field(default=UNSET, name="from")

    def changes(self) -> dict[str, Any]:
        """Return the fields that were sent and that the webhook only stores."""
        names = ("url", "types", "description", "ordered")
        return {name: value for name in names if (value := getattr(self, name)) is not UNSET}

    @classmethod
    def check(cls, aggregate: Any, values: Mapping[str, Any], today: date) -> list[Violation]:
        if "starts" in values and values.get("status") != ACTIVE:
            return [Violation("from", VALIDATION_FAILED, "can only be sent together with the status active")]
        return []


class PauseWebhook(Command, frozen=True, kw_only=True):
    """Stop the deliveries of a webhook for a reason, until it is resumed."""

    target: ClassVar[type[Aggregate]] = Webhook
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (SecurityEventKind.WEBHOOK_CHANGED,)

    id: str
    reason: str


class ResumeWebhook(Command, frozen=True, kw_only=True):
    """Set a paused or disabled webhook active again. It goes on where it stopped."""

    target: ClassVar[type[Aggregate]] = Webhook
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (SecurityEventKind.WEBHOOK_CHANGED,)

    id: str


class DisableWebhook(Command, frozen=True, kw_only=True):
    """Stop the deliveries of a webhook whose receiver does not take them."""

    target: ClassVar[type[Aggregate]] = Webhook
    id: str
    reason: str


class RotateWebhook(Command, frozen=True, kw_only=True):
    """Replace a webhook's secret. For `overlap`, deliveries are also signed with the present one."""

    target: ClassVar[type[Aggregate]] = Webhook
    read_only: ClassVar[frozenset[str]] = READ_ONLY
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (
        SecurityEventKind.WEBHOOK_ROTATED,
        SecurityEventKind.WEBHOOK_SHOWN,
    )

    id: str
    overlap: Annotated[timedelta, Duration(MAX_SECRET_OVERLAP)] = DEFAULT_SECRET_OVERLAP
    secret_id: str = ""


class DeleteWebhook(Command, frozen=True, kw_only=True):
    """Delete a webhook for ever."""

    target: ClassVar[type[Aggregate]] = Webhook
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (SecurityEventKind.WEBHOOK_DELETED,)

    id: str


def check_webhook(fields: Mapping[str, Any], scopes: Sequence[str]) -> None:
    """Check the fields of a webhook with these scopes. Absent fields are not checked.

    Raises Invalid for wrong fields, and TypeOutsideScopes for a type whose events the scopes do not show.
    """
    violations = _url_violations(fields["url"]) if "url" in fields else []
    types = fields.get("types")
    if types is not None and not types:
        violations.append(Violation("types", VALIDATION_FAILED, "must name at least one type; leave it out for all"))
    violations += word_violations(types or (), event_types(), _A_TYPE, "types")
    if (description := fields.get("description")) is not None and not _is_description(description):
        message = f"must be 1 to {MAX_DESCRIPTION_CHARACTERS} characters, at least one of them visible"
        violations.append(Violation("description", VALIDATION_FAILED, message))
    violations += _secret_violations(fields)
    if violations:
        raise Invalid(violations)
    for type in types or ():
        if scope_of(type) not in scopes:
            raise TypeOutsideScopes(type, scope_of(type), scopes)


def _url_violations(url: str) -> list[Violation]:
    try:
        parse_target(url)
    except InvalidValue as error:
        return [error.violation("url", VALIDATION_FAILED)]
    return []


def _secret_violations(fields: Mapping[str, Any]) -> list[Violation]:
    """Return a violation for each text that contains an API key. Those of a body were checked when it was read."""
    violations = []
    for name in ("url", "description"):
        try:
            refuse_secret(fields.get(name) or "", IN_TEXT)
        except InvalidValue as error:
            violations.append(error.violation(name, VALIDATION_FAILED))
    return violations


def _is_description(text: str) -> bool:
    return len(text) <= MAX_DESCRIPTION_CHARACTERS and has_visible_character(text) and "\0" not in text


def scopes_of_new(command: CreateWebhook, granted: Sequence[str] | None) -> tuple[str, ...]:
    """Return the scopes of a new webhook. `granted` are the scopes of the sender's key; None means all scopes."""
    if command.scopes is not None:
        return command.scopes
    return tuple(scope for scope in READ_SCOPES if granted is None or scope in granted)


def create_webhook(command: CreateWebhook, uow: UnitOfWork) -> Webhook:
    scopes = scopes_of_new(command, uow.scopes)
    fields = {"url": command.url, "types": command.types, "description": command.description}
    check_webhook(fields, scopes)
    webhook = Webhook.create(
        uow.new_id(Webhook.id_prefix),
        at=uow.at,
        url=command.url,
        types=command.types,
        description=command.description,
        ordered=bool(command.ordered),
        scopes=scopes,
        secret_id=command.secret_id,
        created_by=_sender(uow),
    )
    uow.save(webhook)
    return webhook


def update_webhook(command: UpdateWebhook, uow: UnitOfWork) -> Webhook:
    webhook = uow.get(Webhook, command.id)
    check_webhook(command.changes(), webhook.scopes)
    sent = msgspec.structs.asdict(command)
    given = {name: value for name, value in sent.items() if value is not UNSET}
    if violations := command.check(webhook, given, uow.today):
        raise Invalid(violations)
    uow.check_version(webhook)
    webhook.change(uow.at, **command.changes())
    if command.status == PAUSED:
        webhook.pause(BY_REQUEST, uow.at)
    elif command.status == ACTIVE:
        webhook.resume(uow.at, _sender(uow), from_now=command.starts == FROM_NOW)
    if command.starts == FROM_NOW:
        uow.skip_deliveries(webhook.id, matching_names(webhook.types, webhook.scopes))
    uow.save(webhook)
    return webhook


@changing
def pause_webhook(webhook: Webhook, command: PauseWebhook, uow: UnitOfWork) -> None:
    webhook.pause(command.reason, uow.at)


@changing
def resume_webhook(webhook: Webhook, command: ResumeWebhook, uow: UnitOfWork) -> None:
    webhook.resume(uow.at, _sender(uow))


@changing
def disable_webhook(webhook: Webhook, command: DisableWebhook, uow: UnitOfWork) -> None:
    webhook.disable(command.reason, uow.at)


@changing
def rotate_webhook(webhook: Webhook, command: RotateWebhook, uow: UnitOfWork) -> None:
    webhook.rotate(command.secret_id, command.overlap, uow.at)


@changing
def delete_webhook(webhook: Webhook, command: DeleteWebhook, uow: UnitOfWork) -> None:
    webhook.delete(uow.at)


def _sender(uow: UnitOfWork) -> Owner:
    return Owner(uow.actor.type, uow.actor.id)


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    CreateWebhook: create_webhook,
    UpdateWebhook: update_webhook,
    PauseWebhook: pause_webhook,
    ResumeWebhook: resume_webhook,
    DisableWebhook: disable_webhook,
    RotateWebhook: rotate_webhook,
    DeleteWebhook: delete_webhook,
}
