"""What can be written into a setting: each function takes a variable's text and answers with its value.

One that cannot be taken raises ValueError with the rest of a sentence that starts with the variable's name.
"""

from __future__ import annotations

import ipaddress
import os
import re
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from domain.reading import InvalidValue, parse_whole_number

LogLevel = Literal["debug", "info", "warning", "error"]


def address(text: str) -> str:
    """HOST:PORT to listen at; port 0 is any free one."""
    host, _, port = text.rpartition(":")
    if not _is_host(host) or not _is_whole(port, 0, 65535):
        raise ValueError(f"is {text!r}: write HOST:PORT, such as 127.0.0.1:8000 or [::1]:8000.")
    return text


def fixed_address(text: str) -> str:
    """The same with a port that stays."""
    if int(address(text).rpartition(":")[2]) == 0:
        raise ValueError(f"is {text!r}: write a port of its own, which a scraper can be told.")
    return text


def _is_host(text: str) -> bool:
    if text.startswith("[") and text.endswith("]"):
        try:
            return bool(ipaddress.IPv6Address(text[1:-1]))
        except ValueError:
            return False
    return re.fullmatch(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?", text) is not None


def _is_whole(text: str, low: int, high: int) -> bool:
    try:
        return parse_whole_number(text, low, high) >= low
    except InvalidValue:
        return False


def count(text: str) -> int:
    """A number of processes or threads."""
    if not _is_whole(text, 1, 64):
        raise ValueError(f"is {text!r}: write a whole number from 1 to 64.")
    return int(text)


def rate(text: str) -> int:
    """So many a minute."""
    if not _is_whole(text, 1, 100_000):
        raise ValueError(f"is {text!r}: write a whole number from 1 to 100000.")
    return int(text)


def header_name(text: str) -> str:
    """The name of a header."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,63}", text) is None:
        raise ValueError(f"is {text!r}: write the name of a header, such as X-Forwarded-For.")
    return text


def model_url(text: str) -> str:
    """The address of an OpenAI-compatible server, without the slash at its end; never repeated, as it may be secret."""
    try:
        found = urlsplit(text)
        is_right = found.scheme in ("http", "https") and bool(found.hostname) and not found.query and not found.fragment
        is_right = is_right and (found.port is None or found.port > 0) and found.username is None
    except ValueError:
        is_right = False
    if not is_right:
        raise ValueError("must be the address of an OpenAI-compatible server, such as http://127.0.0.1:11434/v1.")
    return text.rstrip("/")


def flag(text: str) -> bool:
    """True or false, as words."""
    if text.lower() not in ("true", "false"):
        raise ValueError(f"is {text!r}: write true or false.")
    return text.lower() == "true"


def log_level(text: str) -> str:
    """A LogLevel."""
    if text.lower() not in get_args(LogLevel):
        raise ValueError(f"is {text!r}: write debug, info, warning or error.")
    return text.lower()


def folder(text: str) -> Path:
    """An absolute path, whether or not it is there."""
    try:
        return Path(os.path.abspath(Path(text).expanduser()))  # noqa: PTH100 -- `resolve` would also follow links
    except RuntimeError:
        raise ValueError(f"is {text!r}: write the path of a folder; that home folder is not known.") from None


def database_url(text: str) -> str:
    """How to reach a database. It may hold a password, so no part of it is repeated in the refusal."""
    advice = (
        "write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or key=value pairs such as host=HOST dbname=DATABASE."
    )
    if "://" in text and not text.startswith(("postgresql://", "postgres://")):
        raise ValueError(f"does not name a PostgreSQL database: {advice}")
    try:
        conninfo_to_dict(text)
    except psycopg.ProgrammingError:
        raise ValueError(f"cannot be understood: {advice}") from None
    return text


def origin(text: str) -> str:
    """A scheme, a host and perhaps a port."""
    advice = ValueError(f"is {text!r}: write an origin without a path, such as https://api.example.com.")
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise advice from None
    bare = parts.path in ("", "/") and not parts.query and not parts.fragment and "@" not in parts.netloc
    if parts.scheme not in ("http", "https") or not host or not bare or re.search(r"[\s\\]", text):
        raise advice
    return f"{parts.scheme}://{parts.netloc}"
