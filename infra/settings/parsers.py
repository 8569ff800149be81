"""The parsers of settings: each function takes a variable's text and returns its value.

A parser raises InvalidValue, a ValueError. The message continues a sentence that begins with the variable's name, such
as "must be true or false". If the text may contain a password, the parser raises MayBeSecret; the text is not shown.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import SplitResult, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from domain.accounts.user.factors import REQUIREMENTS, Requirement
from domain.reading import InvalidValue, parse_whole_number

LogLevel = Literal["debug", "info", "warning", "error"]
SignUp = Literal["open", "invite", "closed"]

_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?")
_USER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}")
_EMAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_DATABASE_URL_HINT = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or key=value pairs such as host=HOST dbname=NAME"


class MayBeSecret(InvalidValue):
    """The value is invalid. Messages must not repeat the value, because it may contain a password."""


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Return a parser of whole numbers from `least` to `most`."""
    return partial(parse_whole_number, least=least, most=most)


def parse_flag(text: str) -> bool:
    """Return True for "true", and False for "false"."""
    if text.lower() not in ("true", "false"):
        raise InvalidValue("must be true or false")
    return text.lower() == "true"


def parse_signup(text: str) -> SignUp:
    """Return who may become a user through the console: "open", "invite" or "closed"."""
    if text.lower() not in get_args(SignUp):
        raise InvalidValue("must be open, invite or closed")
    return cast("SignUp", text.lower())


def parse_log_level(text: str) -> LogLevel:
    """Return the level, in lower case."""
    if text.lower() not in get_args(LogLevel):
        raise InvalidValue("must be debug, info, warning or error")
    return cast("LogLevel", text.lower())


def parse_requirement(text: str) -> Requirement:
    """Return who must have a second factor, in lower case."""
    found = next((each for each in REQUIREMENTS if each == text.lower()), None)
    if found is None:
        raise InvalidValue("must be none, managers or all")
    return found


def parse_bind(text: str) -> str:
    """Return HOST:PORT unchanged. Port 0 means any free port."""
    host, _, port = text.rpartition(":")
    if not _is_host(host) or not _is_port(port):
        raise InvalidValue("must be HOST:PORT, such as 127.0.0.1:8000 or [::1]:8000")
    return text


def parse_fixed_bind(text: str) -> str:
    """Return HOST:PORT unchanged. Port 0 is invalid, because the monitoring system must know the port."""
    if int(parse_bind(text).rpartition(":")[2]) == 0:
        raise InvalidValue("must be HOST:PORT with a port from 1 to 65535")
    return text


def parse_header(text: str) -> str:
    """Return the name of an HTTP header."""
    if not _HEADER.fullmatch(text):
        raise InvalidValue("must be the name of an HTTP header, such as X-Forwarded-For")
    return text


def parse_user(text: str) -> str:
    """Return the name of a user of the operating system."""
    if not _USER.fullmatch(text):
        raise InvalidValue("must be the name of a user of this machine, such as www-data")
    return text


def parse_folder(text: str) -> Path:
    """Return the absolute path of a folder, whether or not it exists."""
    try:
        return Path(os.path.abspath(Path(text).expanduser()))  # noqa: PTH100 -- `resolve` would also follow links
    except RuntimeError:
        raise InvalidValue("must be the path of a folder; this home folder is unknown") from None


def parse_file(text: str) -> Path:
    """Return the absolute path of a file, which must exist."""
    path = parse_folder(text)
    if not path.is_file():
        raise InvalidValue("must be the path of a file that exists")
    return path


def parse_database_url(text: str) -> str:
    """Return the URL or the key=value pairs of a PostgreSQL database unchanged."""
    if "://" in text and not text.startswith(("postgresql://", "postgres://")):
        raise MayBeSecret(f"must name a PostgreSQL database: {_DATABASE_URL_HINT}")
    try:
        conninfo_to_dict(text)
    except psycopg.ProgrammingError:
        raise MayBeSecret(f"must be {_DATABASE_URL_HINT}") from None
    return text


def parse_origin(text: str) -> str:
    """Return an origin: a scheme, a host and perhaps a port, without a slash at the end."""
    parts = _split_url(text)
    if parts is None or parts.path not in ("", "/") or re.search(r"[\s\\]", text):
        raise InvalidValue("must be an origin without a path, such as https://api.example.com")
    return f"{parts.scheme}://{parts.netloc}"


def parse_contact(text: str) -> str:
    """Return the URL of an e-mail address, such as `mailto:help@example.in`; the URL of a page unchanged."""
    if _EMAIL.fullmatch(text):
        return f"mailto:{text}"
    if not _is_page(text):
        raise InvalidValue("must be an e-mail address or a URL, such as help@example.in or https://example.in/help")
    return text


def parse_page_url(text: str) -> str:
    """Return the URL of a page unchanged."""
    if not _is_page(text):
        raise InvalidValue("must be a URL, such as https://example.in/terms")
    return text


def _is_page(text: str) -> bool:
    return _split_url(text) is not None and not re.search(r"[\s\\\"<>]", text)


def parse_list_source(text: str) -> str:
    """Return the URL of a list, or the absolute path of a file with a list, which must exist."""
    if "://" not in text:
        return str(parse_file(text))
    if _split_url(text) is None or re.search(r"[\s\\]", text):
        raise InvalidValue("must be a URL, such as https://api.github.com/meta/public_keys/secret_scanning, or a file")
    return text


def parse_model_url(text: str) -> str:
    """Return the URL of an OpenAI-compatible server, without a slash at the end. The URL may contain a secret."""
    parts = _split_url(text)
    if parts is None or parts.port == 0:
        raise MayBeSecret("must be the URL of an OpenAI-compatible server, such as http://127.0.0.1:11434/v1")
    return text.rstrip("/")


def _split_url(text: str) -> SplitResult | None:
    """Return the parts of an HTTP URL that has no user, query or fragment; None for any other text."""
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return None
    is_bare = not parts.query and not parts.fragment and "@" not in parts.netloc
    return parts if parts.scheme in ("http", "https") and host and is_bare else None


def _is_host(text: str) -> bool:
    if text.startswith("[") and text.endswith("]"):
        try:
            return bool(ipaddress.IPv6Address(text[1:-1]))
        except ValueError:
            return False
    return _HOST.fullmatch(text) is not None


def _is_port(text: str) -> bool:
    try:
        parse_whole_number(text, 0, 65535)
    except InvalidValue:
        return False
    return True
