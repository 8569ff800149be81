"""What the commands that are clients of a running service share: the option --url, the key, and how they ask."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click
import httpx
import msgspec

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


class Refused(Exception):
    """The service refuses the request: asking again does not help. The text is for people."""


class Unreachable(Exception):
    """The service did not answer, or is busy: asking again later helps. The text is for people."""


class _Problem(msgspec.Struct):
    field: str
    message: str


class _Error(msgspec.Struct):
    message: str
    details: list[_Problem] = []


class _Failure(msgspec.Struct):
    error: _Error


def check_url(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Return the value of an option if it is an http or https URL. Raises BadParameter for any other value."""
    try:
        is_url = urlsplit(value).scheme in ("http", "https") and urlsplit(value).hostname
    except ValueError:
        is_url = None
    if not is_url:
        raise click.BadParameter(f"must be an http or https URL, not {value!r}.")
    return value


def service_url_option(command: F) -> F:
    """Add the option --url. Without it, the variable SMARTDHANDHA_URL names the service."""
    return click.option(
        "--url",
        metavar="URL",
        envvar="SMARTDHANDHA_URL",
        default="http://127.0.0.1:8000",
        show_default=True,
        show_envvar=True,
        callback=check_url,
        help="The service.",
    )(command)


def read_key() -> str:
    """Return the API key in the variable SMARTDHANDHA_API_KEY; an empty text if there is none.

    The key is no option of a command, because other users of the machine can see the options of a process.
    """
    return os.environ.get("SMARTDHANDHA_API_KEY", "").strip()


def ask(client: httpx.Client, path: str, query: Mapping[str, str], answer: type[T]) -> T:
    """Send a GET, and return the body of the response. `client` has the address and the key.

    Raises Refused and Unreachable.
    """
    response = _get(client, path, query)
    if response.status_code >= 500:
        raise Unreachable(f"The service at {client.base_url} answered with status {response.status_code}.")
    try:
        if response.status_code == 200:
            return msgspec.json.decode(response.content, type=answer)
        refusal = msgspec.json.decode(response.content, type=_Failure).error
    except msgspec.DecodeError:
        raise Refused(f"{response.url} is no address of this API: it answered {response.status_code}.") from None
    problems = "; ".join(f"{each.field} {each.message}" for each in refusal.details)
    raise Refused(f"{refusal.message} ({problems})" if problems else refusal.message)


def ask_time(client: httpx.Client) -> datetime:
    """Return the time of the service's host, by the header Date of a response. Raises Unreachable."""
    try:
        return parsedate_to_datetime(_get(client, "/healthz", {}).headers.get("Date", ""))
    except ValueError:
        raise Unreachable(f"The service at {client.base_url} does not say what time it is.") from None


def _get(client: httpx.Client, path: str, query: Mapping[str, str]) -> httpx.Response:
    try:
        return client.get(path, params=query)
    except httpx.HTTPError as error:
        raise Unreachable(f"The service at {client.base_url} cannot be reached: {error}") from None
