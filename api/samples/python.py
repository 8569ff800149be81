"""Samples for Python 3.9 and newer, which use only the standard library."""

from __future__ import annotations

from api.samples.literals import Syntax, json_text, literal
from api.samples.request import KEY_VARIABLE, Header, SampleRequest, Variable

_KEY = f"f\"Bearer {{os.environ['{KEY_VARIABLE}']}}\""


def render(request: SampleRequest) -> str:
    """Return the program."""

    def text(value: str) -> str:
        return _text(value, request)

    lines = ["request = Request(", f"    {text(request.address)},", f'    method="{request.method}",']
    if headers := request.headers(_KEY, "str(uuid.uuid4())", text):
        lines += ["    headers={", *map(_header, headers), "    },"]
    if request.body is not None:
        syntax = Syntax(text, null="None", true="True", false="False")
        lines.append(f"    data=json.dumps({literal(request.body, syntax, '    ', 20)}).encode(),")
    if request.file:
        lines += [")", "with urlopen(request) as response:", f'    Path("{request.file}").write_bytes(response.read())']
        imports = ["import os", "from pathlib import Path", "from urllib.request import Request, urlopen", ""]
        return "\n".join([*imports, *lines])
    lines += [
        ")",
        "try:",
        "    response = urlopen(request)",
        "except HTTPError as refused:",
        "    response = refused",
        "print(response.status, json.dumps(json.load(response), indent=2))",
    ]
    code = "\n".join(lines)
    modules = [name for name in ("json", "os", "uuid") if f"{name}." in code]
    imports = [*(f"import {name}" for name in modules), "from urllib.error import HTTPError"]
    return "\n".join([*imports, "from urllib.request import Request, urlopen", "", code])


def _header(header: Header) -> str:
    return f'        "{header.name}": {header.value},' + (f"  # {header.comment}" if header.comment else "")


def _text(text: str, request: SampleRequest) -> str:
    if not request.has_variables(text):
        return json_text(text)
    inner = "".join(
        f"{{os.environ['{part}']}}"
        if isinstance(part, Variable)
        else json_text(part)[1:-1].replace("{", "{{").replace("}", "}}")
        for part in request.parts(text)
    )
    return f'f"{inner}"'
