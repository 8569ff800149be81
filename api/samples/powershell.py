"""Samples for PowerShell 5.1 and newer, whose quotes differ from those of a POSIX shell."""

from __future__ import annotations

import re

from api.samples.literals import Syntax, json_text, literal
from api.samples.request import KEY_VARIABLE, SampleRequest, Variable

_IN_QUOTES, _IN_HERE_STRING = '["`$]', "[`$]"
_JSON = Syntax(json_text, trailing_comma="", step="  ")


def render(request: SampleRequest) -> str:
    """Return the commands."""
    lines = []
    if headers := _headers(request):
        lines += ["$headers = @{", *(f"  {each}" for each in headers), "}"]
    command = f"Invoke-RestMethod -Method {request.method} -Uri {_text(request.address, request)}"
    if headers:
        command += " -Headers $headers"
    if request.body is not None:
        lines += _body(literal(request.body, _JSON), request)
        command += " `\n  -ContentType 'application/json; charset=utf-8' -Body $body"
    if request.file:
        return "\n".join([*lines, f"{command} -OutFile {request.file}"])
    return "\n".join([*lines, f"{command} |\n  ConvertTo-Json -Depth 10"])


def _headers(request: SampleRequest) -> list[str]:
    key, new_key = f'"Bearer $env:{KEY_VARIABLE}"', "[guid]::NewGuid()"
    headers = request.headers(key, new_key, lambda text: _text(text, request))
    # `-ContentType` names the type of the body, because Windows PowerShell refuses a Content-Type among the headers.
    return [
        f"'{each.name}' = {each.value}" + (f"  # {each.comment}" if each.comment else "")
        for each in headers
        if each.name != "Content-Type"
    ]


def _body(text: str, request: SampleRequest) -> list[str]:
    """Return the lines that set `$body` to a here-string, in which quotes need no escapes."""
    if request.has_variables(text):
        return ['$body = @"', _inner(text, request, _IN_HERE_STRING), '"@']
    return ["$body = @'", text, "'@"]


def _text(text: str, request: SampleRequest) -> str:
    if request.has_variables(text):
        return f'"{_inner(text, request, _IN_QUOTES)}"'
    return "'" + text.replace("'", "''") + "'"


def _inner(text: str, request: SampleRequest, escaped: str) -> str:
    """Return a text for use between double quotes: with a backtick before each character of `escaped`."""
    return "".join(
        f"${{env:{part}}}" if isinstance(part, Variable) else re.sub(f"({escaped})", r"`\1", part)
        for part in request.parts(text)
    )
