"""Samples for curl in a POSIX shell."""

from __future__ import annotations

import re

from api.samples.literals import Syntax, json_text, literal
from api.samples.request import KEY_VARIABLE, SampleRequest, Variable

_NEW_KEY = "$(date +%s)-$RANDOM"
_IN_QUOTES, _IN_DOCUMENT = '\\"$`', "\\$`"
_JSON = Syntax(json_text, trailing_comma="", step="  ")


def render(request: SampleRequest) -> str:
    """Return the command."""
    implied = "GET" if request.body is None else "POST"
    method = "" if request.method == implied else f" -X {request.method}"
    saved = f" -f -o {request.file}" if request.file else ""
    lines = [f"curl -sS{saved}{method} {_quoted(request.address, request)}"]
    headers = request.headers(f"Bearer ${KEY_VARIABLE}", _NEW_KEY, lambda text: _inner(text, request))
    lines += [f'  -H "{header.name}: {header.value}"' for header in headers]
    if request.body is not None:
        lines.append(f"  -d {_body(literal(request.body, _JSON), request)}")
    return " \\\n".join(lines)


def _body(text: str, request: SampleRequest) -> str:
    """Return the argument of `-d`. A text with variables becomes a here-document, in which quotes need no escapes."""
    if not request.has_variables(text):
        return _quoted(text, request)
    return f"@- <<BODY\n{_inner(text, request, _IN_DOCUMENT)}\nBODY"


def _quoted(text: str, request: SampleRequest) -> str:
    """Return a text as one word of the shell: in single quotes unless it has variables."""
    if request.has_variables(text):
        return f'"{_inner(text, request)}"'
    return "'" + text.replace("'", "'\\''") + "'"


def _inner(text: str, request: SampleRequest, escaped: str = _IN_QUOTES) -> str:
    """Return a text for use between double quotes: with a backslash before each character of `escaped`."""
    parts = request.parts(text)
    result = ""
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        if isinstance(part, Variable):
            result += f"${{{part}}}" if re.match(r"\w", following) else f"${part}"
        else:
            result += re.sub(f"([{re.escape(escaped)}])", r"\\\1", part)
    return result
