"""What the commands that are clients of a running service share: the option --url, and the key."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click

F = TypeVar("F", bound=Callable[..., Any])


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
