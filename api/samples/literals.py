"""Writes JSON values as literals of a programming language."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

WIDTH = 76
"""The number of characters up to which a list or an object stays on one line."""


class Syntax(NamedTuple):
    """How a language writes values."""

    text: Callable[[str], str]
    """Returns the literal of a text."""
    object_brackets: tuple[str, str] = ("{", "}")
    empty_object: str = "{}"
    arrow: str = ": "
    """The text between a name and its value."""
    null: str = "null"
    true: str = "true"
    false: str = "false"
    trailing_comma: str = ","
    """The text after the last entry when each entry has a line of its own."""
    padding: str = ""
    """The text inside the opening and the closing bracket of an object on one line."""
    name: Callable[[str], str] | None = None
    """Returns the literal of a name in an object; None if names are written like other texts."""
    step: str = "    "


def json_text(text: str) -> str:
    """Return a text in double quotes with escapes that JSON, Python, JavaScript and Go understand."""
    return json.dumps(text, ensure_ascii=False)


def literal(value: Any, syntax: Syntax, indent: str = "", used: int = 0) -> str:
    """Return the literal of a JSON value. Lines after the first begin with `indent`.

    `used` is the number of characters on the first line before the literal.
    """
    if isinstance(value, dict):
        return _object(value, syntax, indent, used)
    if isinstance(value, list):
        return _list(value, syntax, indent, used)
    if isinstance(value, str):
        return syntax.text(value)
    constants = {None: syntax.null, True: syntax.true, False: syntax.false}
    return constants[value] if value is None or isinstance(value, bool) else json.dumps(value)


def _object(value: dict[str, Any], syntax: Syntax, indent: str, used: int) -> str:
    if not value:
        return syntax.empty_object
    opening, closing = syntax.object_brackets
    names = {name: f"{(syntax.name or syntax.text)(name)}{syntax.arrow}" for name in value}
    line = ", ".join(names[name] + literal(each, syntax) for name, each in value.items())
    line = f"{opening}{syntax.padding}{line}{syntax.padding}{closing}"
    if _fits(line, indent, used):
        return line
    inner = indent + syntax.step
    entries = [names[name] + literal(each, syntax, inner, len(names[name])) for name, each in value.items()]
    return _lines(opening, closing, entries, syntax, indent)


def _list(value: list[Any], syntax: Syntax, indent: str, used: int) -> str:
    line = f"[{', '.join(literal(each, syntax) for each in value)}]"
    if _fits(line, indent, used):
        return line
    return _lines("[", "]", [literal(each, syntax, indent + syntax.step) for each in value], syntax, indent)


def _fits(line: str, indent: str, used: int) -> bool:
    return "\n" not in line and len(indent) + used + len(line) <= WIDTH


def _lines(opening: str, closing: str, entries: list[str], syntax: Syntax, indent: str) -> str:
    inner = f",\n{indent}{syntax.step}".join(entries)
    return f"{opening}\n{indent}{syntax.step}{inner}{syntax.trailing_comma}\n{indent}{closing}"
