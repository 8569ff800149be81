"""Samples for Go, which use only the standard library."""

from __future__ import annotations

from collections.abc import Callable

from api.samples.literals import Syntax, json_text, literal
from api.samples.request import KEY_VARIABLE, Header, SampleRequest, Variable

_JSON = Syntax(json_text, trailing_comma="", step="  ")
_KEY = f'"Bearer "+os.Getenv("{KEY_VARIABLE}")'
_CHECK = ["\tif err != nil {", "\t\tlog.Fatal(err)", "\t}"]


def render(request: SampleRequest) -> str:
    """Return the program."""
    body, lines = "nil", []
    if request.body is not None:
        body = "body"
        lines.append(f"\tbody := strings.NewReader({_raw(literal(request.body, _JSON), request)})")
    lines += [
        f'\trequest, err := http.NewRequest("{request.method}", {_text(request.address, request)}, {body})',
        *_CHECK,
        *map(_header, request.headers(_KEY, "fmt.Sprint(time.Now().UnixNano())", lambda text: _text(text, request))),
        "\tresponse, err := http.DefaultClient.Do(request)",
        *_CHECK,
        "\tdefer response.Body.Close()",
        "\tanswer, err := io.ReadAll(response.Body)",
        *_CHECK,
        *(_saved(request.file) if request.file else ["\tfmt.Println(response.Status, string(answer))"]),
    ]
    code = "\n".join(lines)
    packages = {"net/http": "http", **{name: name for name in ("fmt", "io", "log", "os", "strings", "time")}}
    imports = sorted(package for package, name in packages.items() if f"{name}." in code)
    names = "\n".join(f'\t"{package}"' for package in imports)
    return f"package main\n\nimport (\n{names}\n)\n\nfunc main() {{\n{code}\n}}"


def _saved(file: str) -> list[str]:
    return [f'\tif err := os.WriteFile("{file}", answer, 0o644); err != nil {{', *_CHECK[1:]]


def _header(header: Header) -> str:
    line = f'\trequest.Header.Set("{header.name}", {header.value})'
    return f"{line} // {header.comment}" if header.comment else line


def _text(text: str, request: SampleRequest) -> str:
    return _joined(json_text, text, request)


def _raw(text: str, request: SampleRequest) -> str:
    """Return a text of several lines as a literal: between backticks, unless the text contains a backtick."""
    return _joined(lambda part: json_text(part) if "`" in part else f"`{part}`", text, request)


def _joined(quote: Callable[[str], str], text: str, request: SampleRequest) -> str:
    parts = request.parts(text)
    return "+".join(f'os.Getenv("{part}")' if isinstance(part, Variable) else quote(part) for part in parts)
