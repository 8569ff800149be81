"""Ends a failed command with a message on standard error and an exit status."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from eventsourcing.persistence import MapperDeserialisationError

from domain.errors import DomainError
from infra.audit.refusals import ImportRefused, SealRefused
from infra.cli.output import exit_status, note
from infra.postgres.database import DatabaseUnreachable
from infra.postgres.embedded import EmbeddedError
from infra.postgres.logins import UnfitLogin
from infra.postgres.migrate import MigrationError
from infra.postgres.schema.distributed.distribute import NotDistributable
from infra.postgres.schema.letters import LettersRefused
from infra.server.address import AddressUnavailable
from infra.server.service_user import UserRefused
from infra.settings import SettingsError
from projections.folding.stored_event import UnreadableEvent

EXPECTED_ERRORS = (
    SettingsError,
    EmbeddedError,
    DatabaseUnreachable,
    UnfitLogin,
    MigrationError,
    LettersRefused,
    NotDistributable,
    AddressUnavailable,
    UserRefused,
    DomainError,
    SealRefused,
    ImportRefused,
    MapperDeserialisationError,
    UnreadableEvent,
)


@contextmanager
def reported_errors() -> Iterator[None]:
    """Run the block. Print an expected error as one message on standard error, and end the program.

    The exit status is 2 for wrong options or arguments, otherwise 1.
    """
    with exit_status():
        try:
            yield
        except EXPECTED_ERRORS as error:
            note(str(error))
            sys.exit(1)
        except click.ClickException as error:
            note(_lines(error))
            sys.exit(error.exit_code)
        except click.Abort:
            note("Aborted!")
            sys.exit(1)


def _lines(error: click.ClickException) -> list[str]:
    """Return click's message as lines. Only help texts and lists of choices may have several lines.

    All other messages may quote text that a user has typed, so they stay one line.
    """
    message = error.format_message()
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return message.splitlines()
    if isinstance(error, click.MissingParameter):
        message, *others = message.expandtabs(4).splitlines()
        return [*_usage(error), f"Error: {message}", *others]
    return [*_usage(error), f"Error: {message}"]


def _usage(error: click.ClickException) -> list[str]:
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return []
    return [*context.get_usage().splitlines(), f"Try '{context.command_path} --help' for help.", ""]
