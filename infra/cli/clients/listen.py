"""`smartdhandha listen`: posts new events to a local server, so that a receiver of webhooks can be developed."""

from __future__ import annotations

import base64
import binascii
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

import click
import httpx

from domain.accounts.security_event import SecurityEventKind
from domain.registry import event_types, matching_names, scope_of
from infra.cli.base import json_option, session
from infra.cli.clients.connection import Refused, Unreachable, check_url, read_key, service_url_option
from infra.cli.clients.events import ApiEvents, EventSource, LogEvents, NewEvent, in_order
from infra.cli.clients.forwarder import Forwarder
from infra.cli.output import note, show
from infra.identity.security_events import record_as_operator
from infra.webhooks.secrets import PREFIX, new_webhook_secret

KEY_SECONDS, LOG_SECONDS = 10, 0.5
"""How often new events are searched for: with a key, unless `--every` is given; and in the log."""

_READ_SCOPES = {scope_of(type) for type in event_types()}
_DAY_SECONDS = 24 * 60 * 60
_WITHOUT_KEY = "Set SMARTDHANDHA_API_KEY to an API key. On the machine of the service, you can give --org instead."


def _check_secret(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    try:
        if not value or (value.startswith(PREFIX) and base64.b64decode(value.removeprefix(PREFIX), validate=True)):
            return value
    except binascii.Error:
        pass
    raise click.BadParameter(f"WEBHOOK_SECRET must be {PREFIX} and then base64. Unset it to get a new one.")


@click.command("listen")
@click.option("--forward-to", "target", required=True, metavar="URL", callback=check_url, help="Your server.")
@click.option("--org", "org_id", metavar="ID", help="Read this organization's log in the database, without a key.")
@service_url_option
@click.option(
    "--type", "types", multiple=True, metavar="TYPE", help="invoice.sent or invoice.*; repeat it for several."
)
@click.option("--after", type=click.IntRange(min=0), metavar="POSITION", help="Begin after this event, not at the end.")
@click.option(
    "--every",
    type=click.IntRange(1, 3600),
    metavar="SECONDS",
    default=KEY_SECONDS,
    show_default=True,
    help="With a key: how often to ask. Each time costs one credit.",
)
@click.option(
    "--secret", envvar="WEBHOOK_SECRET", hidden=True, callback=_check_secret, help="The secret that signs the posts."
)
@json_option
def listen_command(
    target: str,
    org_id: str | None,
    url: str,
    types: tuple[str, ...],
    after: int | None,
    every: int,
    secret: str | None,
    json_output: bool,
) -> None:
    """Post new events to your own server until Ctrl-C, signed as webhooks are, and show each outcome.

    The API is asked with the key in SMARTDHANDHA_API_KEY. On the machine of the service, --org needs no key. Set
    WEBHOOK_SECRET to sign with a secret of yours. Each event is posted once: a failure is shown and not tried again.

    \b
    Example: smartdhandha listen --forward-to http://127.0.0.1:5000/hooks
    """
    names = _read_types(types)
    with (
        _source(org_id, url, names, every, target) as source,
        Forwarder(target, secret or _show_new_secret()) as forwarder,
    ):
        _listen(source, forwarder, after, LOG_SECONDS if org_id else every, json_output)


def _read_types(types: tuple[str, ...]) -> list[str] | None:
    """Return the names of the events of these types; None for all. Raises BadParameter for an unknown type."""
    for type in types:
        if type not in event_types():
            raise click.BadParameter(
                f"{type!r} is no type of event. The types are {', '.join(event_types())}.", param_hint="--type"
            )
    return in_order(matching_names(types, {scope_of(type) for type in types})) if types else None


@contextmanager
def _source(org_id: str | None, url: str, names: list[str] | None, every: int, target: str) -> Iterator[EventSource]:
    key = read_key()
    if org_id is not None:
        with session(migrated=False) as (conn, _):
            events = LogEvents(conn, org_id, in_order(matching_names(None, _READ_SCOPES)) if names is None else names)
            events.end()  # raises NotFound for an unknown organization
            host = urlsplit(target).netloc.rpartition("@")[2]
            record_as_operator(conn, SecurityEventKind.LOG_EXPORTED, org_id, to=host)
            yield events
    elif key:
        note(f"Asks {url} every {every} seconds. This costs {_DAY_SECONDS // every:,} credits a day.")
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
            yield ApiEvents(client, names)
    else:
        raise click.UsageError(_WITHOUT_KEY)


def _show_new_secret() -> str:
    secret = new_webhook_secret()
    note(f"Give your server this secret: WEBHOOK_SECRET={secret}")
    return secret


def _listen(source: EventSource, forwarder: Forwarder, after: int | None, pause: float, json_output: bool) -> None:
    """Post events until SIGINT or SIGTERM. Raises ClickException when the service refuses to show events."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    position = after
    while not stopped.is_set():
        try:
            if position is None:
                position = source.end()
                note(f"Listens for events after position {position}. Press Ctrl-C to stop.")
            new = source.after(position)
        except Unreachable as error:
            note(f"{error} Asks again in {pause:g} seconds.")
            stopped.wait(pause)
            continue
        except Refused as error:
            raise click.ClickException(str(error)) from None
        _post(new.events, forwarder, stopped, json_output)
        position = new.position
        if not new.has_more:
            stopped.wait(pause)


def _post(events: Sequence[NewEvent], forwarder: Forwarder, stopped: threading.Event, json_output: bool) -> None:
    for event in events:
        if stopped.is_set():
            return
        outcome = forwarder.post(event)
        show(outcome, json_output, outcome.line())
