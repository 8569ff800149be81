"""The options of the commands that set a key's limits and expiry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click
from psycopg import Connection

from commands.fields.key import MAX_BURST, MAX_CREDIT_LIMIT
from domain.accounts.window import CREDIT_WINDOW
from domain.reading import parse_whole_number
from domain.reading.network import parse_network
from domain.reading.when import read_expiry
from infra.cli.base import Parsed, checked_option
from infra.identity.organizations import get_time_zone
from infra.postgres.database import Row, get_now

Decorator = Callable[[Callable[..., None]], Callable[..., None]]

NEVER = "never"
"""The expiry of a key that works until it is revoked."""
ANY = "any"
"""The burst of a key that may send any number of requests in a second."""
EVERYWHERE = "everywhere"
"""The network of a key that may be used from every network."""
_ANY_TIME = datetime.fromtimestamp(0, UTC)


def check_expiry(text: str) -> str:
    """Return the text if it is a valid expiry. Raises InvalidValue.

    This check needs no database. The time of expiry is computed later, with the database's clock.
    """
    read_expiry(text, _ANY_TIME)
    return text


def check_new_expiry(text: str) -> str:
    return text if text == NEVER else check_expiry(text)


def test_option(what: str) -> Decorator:
    return click.option("--test", "in_test_mode", is_flag=True, help=f"{what} of test mode, for test data only.")


def limit_option(**options: Any) -> Decorator:
    return click.option(
        "--limit",
        type=Parsed(lambda text: parse_whole_number(text, 1, MAX_CREDIT_LIMIT)),
        metavar="CREDITS",
        help=f"Requests per rolling {CREDIT_WINDOW.days} days.",
        **options,
    )


def parse_burst(text: str) -> int:
    return parse_whole_number(text, 1, MAX_BURST)


def expires_option(check: Callable[[str], str], more_help: str = "") -> Decorator:
    return click.option(
        "--expires",
        type=Parsed(check),
        metavar="WHEN",
        help="When the key stops working: at the end of a day (2027-03-31), at a time (2027-03-31 18:30), or after a "
        "duration (90d). The time zone is that of the organization, unless the time has an offset "
        f"(2027-03-31T18:30:00+05:30).{more_help}",
    )


def networks_option(parse: Callable[[str], str] = parse_network, more_help: str = "") -> Decorator:
    return click.option(
        "--cidr",
        "networks",
        multiple=True,
        type=Parsed(parse),
        metavar="RANGE",
        help="A network from which the key may be used, such as 203.0.113.0/24 or 2001:db8::/32. Give this option once "
        f"for each network.{more_help}",
    )


def parse_new_network(text: str) -> str:
    return text if text == EVERYWHERE else parse_network(text)


def burst_option(parse: Callable[[str], int | str] = parse_burst, more_help: str = "") -> Decorator:
    return click.option(
        "--burst",
        type=Parsed(parse),
        metavar="REQUESTS",
        help=f"Requests that the key may send in any second, 1 to {MAX_BURST}.{more_help}",
    )


def parse_new_burst(text: str) -> int | str:
    return text if text == ANY else parse_burst(text)


def read_networks_option(networks: tuple[str, ...]) -> tuple[str, ...]:
    """Return the networks of a changed key. Raises UsageError for EVERYWHERE together with a network."""
    if EVERYWHERE in networks and len(set(networks)) > 1:
        raise click.UsageError(f"Give either networks or --cidr {EVERYWHERE}.")
    return () if EVERYWHERE in networks else networks


def read_expiry_option(conn: Connection[Row], text: str, org_id: str) -> datetime:
    with checked_option("--expires"):
        return read_expiry(text, get_now(conn)).end(get_time_zone(conn, org_id))
