"""Reads the curl commands in the guides, so that pages can show the same request in other languages.

A guide states each request once, as a command. This module reads only commands that send one request and do nothing
else: commands without pipes, redirections and further commands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from api.samples.request import KEY_VARIABLE, SampleRequest

_WORD = re.compile(
    r"(?P<gap>(?:[ ]|\\\n)+)"
    r"|'(?P<single>[^'$]*)'"
    r'|"(?P<double>(?:[^"\\`$]|\\["\\\n]|\$(?=[A-Z_]))*)"'
    r"|(?P<bare>(?:[\w./:@=,%+-]|\$(?=[A-Z_]))+)"
)
"""Matches a part of a word of the shell, or the gap between two words. A `$` begins a variable."""
_HEREDOC = re.compile(r" <<(\w+)\n(.*\n)\1$", re.DOTALL)
_VARIABLE = re.compile(r"\$([A-Z_]+)\b")
_EXPORT = re.compile(r"export ([A-Z_]+)=(\S*?)(\$\(date \+%s\))?")
_AUTHORIZATION = f"Bearer ${KEY_VARIABLE}"
_KNOWN_HEADERS = {"authorization", "content-type", "idempotency-key"}


class Export(NamedTuple):
    """A line of a guide that sets an environment variable."""

    name: str
    value: str
    ends_with_time: bool
    """Whether the current time, in seconds, follows the value."""


def request_of(command: str) -> SampleRequest | None:
    """Return the request that a curl command sends; None for any other command, or if the command does more."""
    heredoc = _HEREDOC.search(command.strip())
    words = _split(_HEREDOC.sub("", command.strip()))
    options = _options(words[1:]) if words and words[0] == "curl" else None
    if options is None:
        return None
    try:
        return _request(options, heredoc[2] if heredoc else None)
    except ValueError:
        return None


def exports_of(block: str) -> list[Export] | None:
    """Return the variables that a block sets; None if the block does anything else."""
    matches = [_EXPORT.fullmatch(line) for line in block.strip().splitlines()]
    found = [Export(match[1], match[2], match[3] is not None) for match in matches if match and "$" not in match[2]]
    return found if found and len(found) == len(matches) else None


class _Options(NamedTuple):
    method: str | None
    url: str
    headers: Mapping[str, str]
    data: str | None
    query: Mapping[str, str]


def _split(command: str) -> list[str] | None:
    """Return the words of a command as the shell splits them, with variables. Return None if the command has other
    parts, such as a pipe."""
    words, place, is_open = [""], 0, False
    while place < len(command):
        match = _WORD.match(command, place)
        if match is None:
            return None
        place = match.end()
        if match["gap"]:
            words, is_open = [*words, ""] if is_open else words, False
        else:
            quoted = re.sub(r'\\(["\\\n])', r"\1", match["double"] or "")
            words[-1] += match["single"] or quoted or match["bare"] or ""
            is_open = True
    return words if is_open else words[:-1]


def _options(words: list[str]) -> _Options | None:
    """Return the options in the words after `curl`; None if an option is useful only in a shell, such as `-o`."""
    method, data, urls, headers, query = None, None, [], {}, {}
    rest = iter(words)
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name.lower()] = value
        elif word == "-d":
            data = next(rest)
        elif word == "--data-urlencode":
            name, _, value = next(rest).partition("=")
            query[name] = value
        elif word.startswith("$SD_URL/"):
            urls.append(word)
        elif word not in ("-sS", "-G"):
            return None
    return _Options(method, urls[0], headers, data, query) if len(urls) == 1 else None


def _request(options: _Options, heredoc: str | None) -> SampleRequest | None:
    """Return the request. Raises ValueError when the body is not JSON."""
    authorization = options.headers.get("authorization", _AUTHORIZATION)
    is_json = options.headers.get("content-type") == "application/json"
    if authorization != _AUTHORIZATION or (options.data is not None) != is_json:
        return None
    text = heredoc if options.data == "@-" else options.data
    body = None if text is None else json.loads(text)
    url, _, query = options.url.partition("?")
    texts = [options.url, *options.query.values(), *options.headers.values(), *_texts(body)]
    names = dict.fromkeys(name for each in texts for name in _VARIABLE.findall(each))
    return SampleRequest(
        method=options.method or ("GET" if body is None else "POST"),
        url=url,
        query={**dict(parse_qsl(query, strict_parsing=True) if query else []), **options.query},
        body=body,
        needs_key="authorization" in options.headers,
        idempotency_key=options.headers.get("idempotency-key"),
        variables=tuple(name for name in names if name != KEY_VARIABLE),
        more_headers={name: value for name, value in options.headers.items() if name not in _KNOWN_HEADERS},
    )


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in _texts(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in _texts(each))
