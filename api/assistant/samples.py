"""Makes code samples from the examples of the OpenAPI document. A sample reads the API key from the variable SD_KEY."""

from __future__ import annotations

import json
import pprint
import textwrap
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from api.assistant.intent import body_for, filters_for
from api.assistant.knowledge.operations import DocumentedOperation, Node
from api.assistant.reply import LANGUAGES, AssistantSample


class Request(NamedTuple):
    """The request that a sample sends."""

    method: str
    url: str
    body: Node | None
    needs_key: bool


def render_samples(
    operation: DocumentedOperation, root: str, language: str | None, words: tuple[str, ...]
) -> list[AssistantSample]:
    """Return a sample in this language, or in all languages if it is None. `root` is the URL of the API.

    Words of the question, such as "void" or "overdue", choose the status or the filter in the request.
    """
    url = root + operation.path
    for parameter in operation.parameters:
        if parameter["in"] == "path":
            url = url.replace(f"{{{parameter['name']}}}", parameter["example"])
    if query := filters_for(operation, words):
        url += f"?{urlencode(query, safe=',')}"
    request = Request(operation.method, url, body_for(operation, words), operation.needs_key)
    return [AssistantSample(each, _RENDERERS[each](request)) for each in LANGUAGES if language in (None, each)]


def _render_curl(request: Request) -> str:
    method, url, body, needs_key = request
    lines = [f"curl -sS '{url}'" if method == "GET" or (method == "POST" and body) else f"curl -sS -X {method} '{url}'"]
    if needs_key:
        lines.append('  -H "Authorization: Bearer $SD_KEY"')
    if body is not None:
        one_line = json.dumps(body, ensure_ascii=False)
        data = one_line if len(one_line) <= 72 else json.dumps(body, ensure_ascii=False, indent=2)
        quoted = data.replace("'", "'\\''")
        lines += ["  -H 'Content-Type: application/json'", f"  -d '{quoted}'"]
    return " \\\n".join(lines)


def _render_python(request: Request) -> str:
    method, url, body, needs_key = request
    headers = ['"Authorization": f"Bearer {os.environ[\'SD_KEY\']}"'] if needs_key else []
    imports = ["import json", *(["import os"] if needs_key else []), "import urllib.request"]
    lines = [*imports, "", "request = urllib.request.Request(", f'    "{url}",', f'    method="{method}",']
    if body is not None:
        headers.append('"Content-Type": "application/json"')
        literal = pprint.pformat(body, sort_dicts=False, width=100).replace("\n", "\n" + " " * 20)
        lines.append(f"    data=json.dumps({literal}).encode(),")
    lines += [f"    headers={{{', '.join(headers)}}},", ")", "with urllib.request.urlopen(request) as response:"]
    return "\n".join([*lines, "    print(json.load(response))"])


def _render_javascript(request: Request) -> str:
    method, url, body, needs_key = request
    headers = ["Authorization: `Bearer ${process.env.SD_KEY}`"] if needs_key else []
    lines = [f'const response = await fetch("{url}", {{', f'  method: "{method}",']
    if body is not None:
        headers.append('"Content-Type": "application/json"')
        literal = textwrap.indent(json.dumps(body, ensure_ascii=False, indent=2), "  ").lstrip()
        lines.append(f"  body: JSON.stringify({literal}),")
    lines += [f"  headers: {{ {', '.join(headers)} }},", "});", "console.log(await response.json());"]
    return "\n".join(lines)


_RENDERERS: dict[str, Callable[[Request], str]] = {
    "curl": _render_curl,
    "python": _render_python,
    "javascript": _render_javascript,
}
