"""Samples for Node.js 18 and newer, which has `fetch`. A sample is an ECMAScript module."""

from __future__ import annotations

import re

from api.samples.literals import Syntax, json_text, literal
from api.samples.request import KEY_VARIABLE, Header, SampleRequest, Variable

_KEY = f"`Bearer ${{process.env.{KEY_VARIABLE}}}`"


def render(request: SampleRequest) -> str:
    """Return the program."""

    def text(value: str) -> str:
        return _text(value, request)

    lines = [f"const response = await fetch({text(request.address)}, {{", f'  method: "{request.method}",']
    if headers := request.headers(_KEY, "randomUUID()", text):
        lines += ["  headers: {", *map(_header, headers), "  },"]
    if request.body is not None:
        syntax = Syntax(text, name=_name, padding=" ", step="  ")
        lines.append(f"  body: JSON.stringify({literal(request.body, syntax, '  ', 22)}),")
    if request.file:
        saved = f'await writeFile("{request.file}", Buffer.from(await response.arrayBuffer()));'
        return "\n".join(['import { writeFile } from "node:fs/promises";', "", *lines, "});", saved])
    lines += ["});", "console.log(response.status, JSON.stringify(await response.json(), null, 2));"]
    code = "\n".join(lines)
    return f'import {{ randomUUID }} from "node:crypto";\n\n{code}' if "randomUUID" in code else code


def _header(header: Header) -> str:
    return f"    {_name(header.name)}: {header.value}," + (f" // {header.comment}" if header.comment else "")


def _name(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else json_text(name)


def _text(text: str, request: SampleRequest) -> str:
    if not request.has_variables(text):
        return json_text(text)
    inner = "".join(
        f"${{process.env.{part}}}"
        if isinstance(part, Variable)
        else re.sub(r"(`|\$\{)", r"\\\1", json_text(part)[1:-1].replace('\\"', '"'))
        for part in request.parts(text)
    )
    return f"`{inner}`"
