"""Samples for PHP 8 and newer. For HTTPS they need the extension `openssl`, which packages of PHP contain."""

from __future__ import annotations

import re

from api.samples.literals import Syntax, literal
from api.samples.request import KEY_VARIABLE, Header, SampleRequest, Variable

_KEY = f"'Bearer ' . getenv('{KEY_VARIABLE}')"


def render(request: SampleRequest) -> str:
    """Return the program."""

    def text(value: str) -> str:
        return _text(value, request)

    options = [f"'method' => '{request.method}',"]
    if headers := request.headers(_KEY, "bin2hex(random_bytes(16))", text):
        options += ["'header' => [", *map(_header, headers), "],"]
    if request.body is not None:
        syntax = Syntax(text, ("[", "]"), "(object) []", " => ")
        options.append(f"'content' => json_encode({literal(request.body, syntax, '    ', 25)}),")
    got = f"file_get_contents({text(request.address)}, false, $context)"
    if request.file:
        then = f"file_put_contents('{request.file}', {got});"
    else:
        options.append("'ignore_errors' => true, // print the body of an error, too")
        then = f"echo {got}, PHP_EOL;"
    return "\n".join(
        [
            "<?php",
            "$context = stream_context_create(['http' => [",
            *(f"    {each}" for each in options),
            "]]);",
            then,
        ]
    )


def _header(header: Header) -> str:
    line = f"{_quoted(f'{header.name}: ')} . {header.value}".replace("' . '", "")
    return f"    {line}," + (f" // {header.comment}" if header.comment else "")


def _text(text: str, request: SampleRequest) -> str:
    return " . ".join(
        f"getenv('{part}')" if isinstance(part, Variable) else _quoted(part) for part in request.parts(text)
    )


def _quoted(text: str) -> str:
    return "'" + re.sub(r"([\\'])", r"\\\1", text) + "'"
