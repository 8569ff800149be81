"""Samples that run, made from the examples of the OpenAPI document; the key stands in the environment as SD_KEY."""

from __future__ import annotations

import json
import pprint
import textwrap
from collections.abc import Callable
from urllib.parse import urlencode

from api.assistant.intent import body_of, query_of
from api.assistant.passages import Described, Node
from api.assistant.reply import LANGUAGES, AssistantSample


def samples(operation: Described, root: str, language: str | None, words: tuple[str, ...]) -> list[AssistantSample]:
    """The request in this language, or in each; `root` is where the API is, words such as "void" or
    "overdue" choose the status or the filter."""
    body = body_of(operation, words)
    url = root + operation.path
    for parameter in operation.parameters:
        if parameter["in"] == "path":
            url = url.replace(f"{{{parameter['name']}}}", parameter["example"])
    if query := query_of(operation, words):
        url += f"?{urlencode(query, safe=',')}"
    has_key = operation.node.get("security") != []
    return [
        AssistantSample(each, _MAKERS[each](operation.method, url, body, has_key))
        for each in LANGUAGES
        if language in (None, each)
    ]


def _curl(method: str, url: str, body: Node | None, has_key: bool) -> str:
    lines = [f"curl -sS '{url}'" if method == "GET" or (method == "POST" and body) else f"curl -sS -X {method} '{url}'"]
    if has_key:
        lines.append('  -H "Authorization: Bearer $SD_KEY"')
    if body is not None:
        flat = json.dumps(body, ensure_ascii=False)
        said = (flat if len(flat) <= 72 else json.dumps(body, ensure_ascii=False, indent=2)).replace("'", "'\\''")
        lines += ["  -H 'Content-Type: application/json'", f"  -d '{said}'"]
    return " \\\n".join(lines)


def _python(method: str, url: str, body: Node | None, has_key: bool) -> str:
    headers = ['"Authorization": f"Bearer {os.environ[\'SD_KEY\']}"'] if has_key else []
    imports = ["import json", *(["import os"] if has_key else []), "import urllib.request"]
    lines = [*imports, "", "request = urllib.request.Request(", f'    "{url}",', f'    method="{method}",']
    if body is not None:
        headers.append('"Content-Type": "application/json"')
        shown = pprint.pformat(body, sort_dicts=False, width=100).replace("\n", "\n" + " " * 20)
        lines.append(f"    data=json.dumps({shown}).encode(),")
    lines += [f"    headers={{{', '.join(headers)}}},", ")", "with urllib.request.urlopen(request) as response:"]
    return "\n".join([*lines, "    print(json.load(response))"])


def _javascript(method: str, url: str, body: Node | None, has_key: bool) -> str:
    headers = ["Authorization: `Bearer ${process.env.SD_KEY}`"] if has_key else []
    lines = [f'const response = await fetch("{url}", {{', f'  method: "{method}",']
    if body is not None:
        headers.append('"Content-Type": "application/json"')
        shown = textwrap.indent(json.dumps(body, ensure_ascii=False, indent=2), "  ").lstrip()
        lines.append(f"  body: JSON.stringify({shown}),")
    lines += [f"  headers: {{ {', '.join(headers)} }},", "});", "console.log(await response.json());"]
    return "\n".join(lines)


_MAKERS: dict[str, Callable[[str, str, Node | None, bool], str]] = {
    "curl": _curl,
    "python": _python,
    "javascript": _javascript,
}
