"""The options that name a person, and what is found about the person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, TypeVar

import click
from psycopg import Connection

from domain.calendar import instant
from domain.reading import parse_date
from domain.text import counted
from infra.audit.privacy.holdings import Held
from infra.audit.privacy.persons import find_held
from infra.audit.privacy.search import NOUNS, Person
from infra.cli.base import Parsed, unknown_organization
from infra.log.heads import LogState, select_state
from infra.postgres.database import Row

F = TypeVar("F", bound=Callable[..., Any])


def person_options(command: F) -> F:
    """Add the options that name a person: --org, --party or --employee, and --left."""
    options = (
        click.option("--org", "org_id", metavar="ID", required=True, help="The organization."),
        click.option(
            "--party",
            metavar="ID",
            help="The client or vendor, by the clientId or vendorId of documents, or by the id of the party.",
        ),
        click.option(
            "--employee", metavar="ID", help="The employee, by the employeeId of leaves, or by the employee's own id."
        ),
        click.option(
            "--left",
            type=Parsed(parse_date),
            metavar="DATE",
            help="The day on which the employee has left. Leaves are kept for some years after it.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def person_of(org_id: str, party: str | None, employee: str | None, left: date | None) -> Person:
    """Return whom the options name. Raises UsageError."""
    if (party is None) == (employee is None):
        raise click.UsageError("Name one person: with --party or with --employee.")
    if party is not None:
        if left is not None:
            raise click.UsageError("--left is the day on which an employee has left: use it with --employee.")
        return Person(org_id, "party", party, None)
    return Person(org_id, "employee", employee or "", left)


def get_state(conn: Connection[Row], org_id: str) -> LogState:
    """Return the state of an organization's log, without a lock."""
    return select_state(conn, org_id).fetchone() or unknown_organization(org_id)


def check_found(person: Person, found: Iterable[Any]) -> None:
    """Check that something was found about the person. Raises ClickException."""
    if not any(True for _ in found):
        raise click.ClickException(f"{person.org_id} has nothing about {NOUNS[person.kind]} {person.id!r}.")


def list_held(conn: Connection[Row], person: Person) -> list[Held]:
    """Return what is held about the person, and what happens to it when the person is erased now.

    Raises UsageError for an unknown organization, and ClickException if there is nothing.
    """
    get_state(conn, person.org_id)
    held = find_held(conn, person)
    check_found(person, held)
    return held


def as_json(held: Held) -> dict[str, Any]:
    """Return what is held as JSON values, without personal data."""
    found = held.found
    return {
        "kind": found.kind,
        "id": found.id,
        "status": found.status,
        "goes": held.goes,
        "keptUntil": held.until,
        "reason": held.reason,
        "events": len(found.positions),
        "erasedEvents": found.erased,
    }


def lines_of(held: Iterable[Held]) -> Iterator[str]:
    """Yield what stays with its date, and what goes."""
    every = list(held)
    for title, goes in (("Must stay", False), ("Can go now", True)):
        chosen = [each for each in every if each.goes is goes]
        yield f"{title}: {counted(len(chosen), 'object')}"
        yield from (f"  {_line(each)}" for each in chosen)


def _line(held: Held) -> str:
    found = held.found
    name = f"{found.kind} {found.id}" if found.number is None else f"{found.kind} {found.number} ({found.id})"
    until = "" if held.until is None else f"until {held.until}: "
    erased = " (its personal values are erased)" if found.erased and not found.positions else ""
    return f"{name}, {found.status}: {until}{held.reason}{erased}"


def at(state: LogState) -> str:
    """Return the time of the log as a text."""
    return instant(state.now)
