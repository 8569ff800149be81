"""The commands on webhooks: create, change, pause, resume, disable, rotate, delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from msgspec import UNSET, UnsetType

from commands.command import Command
from commands.unit_of_work import Handler, UnitOfWork
from domain.aggregate import Aggregate
from domain.errors import VALIDATION_FAILED, DuplicateWebhook, Invalid, TooManyWebhooks, Violation
from domain.reading import InvalidValue
from domain.reading.webhook_url import parse_target
from domain.registry import event_types, scope_of
from domain.suggestions.names import hint
from domain.text import has_visible_character
from domain.webhook import Webhook

MAX_DESCRIPTION_CHARACTERS = 200


class CreateWebhook(Command, frozen=True, kw_only=True):
    """Let the service post events to a URL. The command holds only the id of the secret, which is stored encrypted."""

    target: ClassVar[type[Aggregate]] = Webhook
    refusals = (DuplicateWebhook, TooManyWebhooks)

    url: str
    types: tuple[str, ...] | None
    description: str | None
    ordered: bool
    scopes: tuple[str, ...]
    secret_id: str


class UpdateWebhook(Command, frozen=True, kw_only=True):
    """Change the URL, the types, the description or the order of a webhook's deliveries."""

    target: ClassVar[type[Aggregate]] = Webhook
    refusals = (DuplicateWebhook,)

    id: str
    url: str | UnsetType = UNSET
    types: tuple[str, ...] | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    ordered: bool | UnsetType = UNSET

    def changes(self) -> dict[str, Any]:
        """Return the fields that were sent."""
        names = ("url", "types", "description", "ordered")
        return {name: value for name in names if (value := getattr(self, name)) is not UNSET}


class PauseWebhook(Command, frozen=True, kw_only=True):
    """Stop the deliveries of a webhook for a reason, until it is resumed."""

    target: ClassVar[type[Aggregate]] = Webhook
    id: str
    reason: str


class ResumeWebhook(Command, frozen=True, kw_only=True):
    """Set a paused or disabled webhook active again. It goes on where it stopped."""

    target: ClassVar[type[Aggregate]] = Webhook
    id: str


class DisableWebhook(Command, frozen=True, kw_only=True):
    """Stop the deliveries of a webhook whose receiver does not take them."""

    target: ClassVar[type[Aggregate]] = Webhook
    id: str
    reason: str


class RotateWebhook(Command, frozen=True, kw_only=True):
    """Replace a webhook's secret; for `overlap`, deliveries are also signed with the present one."""

    target: ClassVar[type[Aggregate]] = Webhook
    id: str
    secret_id: str
    overlap: timedelta


class DeleteWebhook(Command, frozen=True, kw_only=True):
    """Delete a webhook for ever."""

    target: ClassVar[type[Aggregate]] = Webhook
    id: str


def check_webhook(fields: Mapping[str, Any], scopes: Sequence[str]) -> list[Violation]:
    """Return a violation for each wrong field of a webhook with these scopes. Absent fields are not checked."""
    violations = _url_violations(fields["url"]) if "url" in fields else []
    violations += _type_violations(fields.get("types"), scopes)
    if (description := fields.get("description")) is not None and not _is_description(description):
        message = f"must be 1 to {MAX_DESCRIPTION_CHARACTERS} characters, at least one of them visible"
        violations.append(Violation("description", VALIDATION_FAILED, message))
    return violations


def _url_violations(url: str) -> list[Violation]:
    try:
        parse_target(url)
    except InvalidValue as error:
        return [error.violation("url", VALIDATION_FAILED)]
    return []


def _type_violations(types: Sequence[str] | None, scopes: Sequence[str]) -> list[Violation]:
    if types is not None and not types:
        return [Violation("types", VALIDATION_FAILED, "must name at least one type; leave it out for all")]
    known, violations = event_types(), []
    for place, type in enumerate(types or ()):
        if type not in known:
            suggest = hint(type, known, {})
            violations.append(Violation(f"types[{place}]", VALIDATION_FAILED, "must be a type of event", suggest))
        elif scope_of(type) not in scopes:
            message = f"needs the scope {scope_of(type)}, which the webhook does not have"
            violations.append(Violation(f"types[{place}]", VALIDATION_FAILED, message))
    return violations


def _is_description(text: str) -> bool:
    return len(text) <= MAX_DESCRIPTION_CHARACTERS and has_visible_character(text) and "\0" not in text


def create_webhook(command: CreateWebhook, uow: UnitOfWork) -> Webhook:
    fields = {"url": command.url, "types": command.types, "description": command.description}
    if violations := check_webhook(fields, command.scopes):
        raise Invalid(violations)
    webhook = Webhook.create(
        uow.new_id(Webhook.id_prefix),
        at=uow.at,
        url=command.url,
        types=command.types,
        description=command.description,
        ordered=command.ordered,
        scopes=command.scopes,
        secret_id=command.secret_id,
    )
    uow.save(webhook)
    return webhook


def update_webhook(command: UpdateWebhook, uow: UnitOfWork) -> Webhook:
    webhook = uow.get(Webhook, command.id)
    if violations := check_webhook(command.changes(), webhook.scopes):
        raise Invalid(violations)
    uow.check_version(webhook)
    webhook.change(uow.at, **command.changes())
    uow.save(webhook)
    return webhook


def pause_webhook(command: PauseWebhook, uow: UnitOfWork) -> Webhook:
    webhook = uow.get(Webhook, command.id)
    webhook.pause(command.reason, uow.at)
    uow.save(webhook)
    return webhook


def resume_webhook(command: ResumeWebhook, uow: UnitOfWork) -> Webhook:
    webhook = uow.get(Webhook, command.id)
    webhook.resume(uow.at)
    uow.save(webhook)
    return webhook


def disable_webhook(command: DisableWebhook, uow: UnitOfWork) -> Webhook:
    webhook = uow.get(Webhook, command.id)
    webhook.disable(command.reason, uow.at)
    uow.save(webhook)
    return webhook


def rotate_webhook(command: RotateWebhook, uow: UnitOfWork) -> Webhook:
    webhook = uow.get(Webhook, command.id)
    webhook.rotate(command.secret_id, command.overlap, uow.at)
    uow.save(webhook)
    return webhook


def delete_webhook(command: DeleteWebhook, uow: UnitOfWork) -> Webhook:
    webhook = uow.get(Webhook, command.id)
    webhook.delete(uow.at)
    uow.save(webhook)
    return webhook


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    CreateWebhook: create_webhook,
    UpdateWebhook: update_webhook,
    PauseWebhook: pause_webhook,
    ResumeWebhook: resume_webhook,
    DisableWebhook: disable_webhook,
    RotateWebhook: rotate_webhook,
    DeleteWebhook: delete_webhook,
}
