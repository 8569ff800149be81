"""`smartdhandha requests`: looks up requests, and says what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click
import httpx

from api.account.requests import RequestEntry
from api.docs.reference.error_causes import cause_of
from domain.calendar import instant
from domain.reading.when import read_since
from infra.cli.accounts.key.options import test_option
from infra.cli.base import Parsed, json_option, render_row, render_table, select_organizations, session
from infra.cli.clients.connection import Refused, Unreachable, read_key, service_url_option
from infra.cli.clients.request_sources import ApiRequests, RequestSource, StoredRequests, find_requests
from infra.cli.output import note, show, show_json
from infra.identity.organizations import get_test_organization

MOST = 1_000
_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""The present time for the check of an option, before anybody was asked for it."""
_WITHOUT_KEY = "Set SMARTDHANDHA_API_KEY to an API key. On the machine of the service, you can give --org instead."


def _check(text: str) -> str:
    """Return the text of a day, a time, or a duration before now. Raises InvalidValue."""
    read_since(text, _ANY_TIME)
    return text


def _instants(times: Mapping[str, str | None], source: RequestSource) -> dict[str, str]:
    """Return the instants at which these times begin. A duration is before the present time of the source."""
    given = {name: text for name, text in times.items() if text is not None}
    now = source.now() if given else _ANY_TIME
    return {name: instant(read_since(text, now).first_instant("UTC")) for name, text in given.items()}


@click.command("requests")
@click.argument("request_id", metavar="[REQUEST_ID]", required=False)
@click.option("--status", metavar="STATUSES", help="Statuses, or classes of them: 422, 4xx or 4xx,5xx.")
@click.option("--error-code", metavar="CODES", help="Error codes, with commas: rate_limited,validation_failed.")
@click.option("--method", metavar="METHODS", help="Methods, with commas: POST,PATCH.")
@click.option(
    "--since",
    metavar="WHEN",
    help="Not earlier than a day (2027-03-31), a time (2027-03-31 18:30), or a duration before now (2h). In UTC, "
    "unless the time has an offset.",
    type=Parsed(_check),
)
@click.option("--until", metavar="WHEN", help="Not later than this time.", type=Parsed(_check))
@click.option("--limit", type=click.IntRange(1, MOST), default=20, show_default=True, help="At most the newest N.")
@click.option(
    "--org", "org_id", metavar="ID", help="The requests of this organization, in the database, without a key."
)
@click.option("--key", "key_id", metavar="ID", help="With --org: those of one key.")
@test_option("With --org: the requests")
@service_url_option
@json_option
def requests_command(
    request_id: str | None,
    status: str | None,
    error_code: str | None,
    method: str | None,
    since: str | None,
    until: str | None,
    limit: int,
    org_id: str | None,
    key_id: str | None,
    in_test_mode: bool,
    url: str,
    json_output: bool,
) -> None:
    """Look up requests of the last 30 days: when they came, how they ended, and why they were refused.

    The API is asked with the key in SMARTDHANDHA_API_KEY, for the key's own requests. This costs no credits. On the
    machine of the service, --org needs no key. The newest requests come first; with --json, one line for each.

    \b
    Example: smartdhandha requests req_0f6c…
             smartdhandha requests --status 4xx,5xx --since 2h
    """
    if org_id is None and (key_id is not None or in_test_mode):
        raise click.UsageError("--key and --test need --org.")
    texts = {"requestId": request_id, "status": status, "errorCode": error_code, "method": method}
    filters = {name: text for name, text in texts.items() if text is not None}
    try:
        with _source(org_id, key_id, in_test_mode, url) as source:
            filters |= _instants({"from": since, "to": until}, source)
            found = list(find_requests(source, filters, limit))
    except (Refused, Unreachable) as error:
        raise click.ClickException(str(error)) from None
    if json_output:
        for entry in found:
            show_json(entry)
    else:
        _show(found)


@contextmanager
def _source(org_id: str | None, key_id: str | None, in_test_mode: bool, url: str) -> Iterator[RequestSource]:
    key = read_key()
    if org_id is not None:
        with session() as (conn, _):
            select_organizations(conn, org_id)
            yield StoredRequests(conn, get_test_organization(conn, org_id) if in_test_mode else org_id, key_id)
    elif key:
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
            yield ApiRequests(client)
    else:
        raise click.UsageError(_WITHOUT_KEY)


def _show(found: Sequence[RequestEntry]) -> None:
    """Show the requests as a table, and below it what each of their error codes means."""
    show([], False, render_table([_row(entry) for entry in found]) or "No such requests.")
    codes = dict.fromkeys(entry.error_code for entry in found if entry.error_code)
    note(f"{code}: {cause_of(code)}" for code in codes)


def _row(entry: RequestEntry) -> dict[str, Any]:
    row = render_row(entry)
    shown = ("at", "method", "route", "status", "errorCode", "durationMs", "requestId", "keyId")
    return {name: row[name] for name in shown}
