"""Ends a failed command with a message on standard error and an exit status."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from infra.audit.refusals import ProofRefused
from infra.cli.output import exit_status, note


def expected_errors() -> tuple[type[Exception], ...]:
    """Return the errors that end a command with one message.

    They are imported when one has occurred: a command that needs no database does not load what connects to one.
    """
    from eventsourcing.persistence import MapperDeserialisationError  # noqa: PLC0415

    from api.ports.event_log import TreeBehind  # noqa: PLC0415
    from domain.errors import DomainError  # noqa: PLC0415
    from infra.audit.privacy.refusals import PrivacyRefused  # noqa: PLC0415
    from infra.audit.refusals import CopyRefused, ImportRefused, SealRefused  # noqa: PLC0415
    from infra.audit.removal.refusals import RemovalRefused  # noqa: PLC0415
    from infra.postgres.database import DatabaseUnreachable  # noqa: PLC0415
    from infra.postgres.embedded import EmbeddedError  # noqa: PLC0415
    from infra.postgres.logins import UnfitLogin  # noqa: PLC0415
    from infra.postgres.migrate import MigrationError  # noqa: PLC0415
    from infra.postgres.schema.distributed.distribute import NotDistributable  # noqa: PLC0415
    from infra.postgres.schema.letters import LettersRefused  # noqa: PLC0415
    from infra.server.address import AddressUnavailable  # noqa: PLC0415
    from infra.server.service_user import UserRefused  # noqa: PLC0415
    from infra.settings import SettingsError  # noqa: PLC0415
    from projections.folding.stored_event import UnreadableEvent  # noqa: PLC0415

    return (
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
        CopyRefused,
        ImportRefused,
        RemovalRefused,
        PrivacyRefused,
        TreeBehind,
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
        except click.ClickException as error:
            note(_lines(error))
            sys.exit(error.exit_code)
        except click.Abort:
            note("Aborted!")
            sys.exit(1)
        except ProofRefused as error:
            note(str(error))
            sys.exit(1)
        except Exception as error:
            if not isinstance(error, expected_errors()):
                raise
            note(str(error))
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
