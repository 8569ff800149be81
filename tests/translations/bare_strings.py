"""Finds sentences in Python code that cannot be translated: those outside of `_(…)`, `ngettext(…)` and `marked(…)`.

A sentence is a text with two words beside each other, or a single word with a capital letter. Single words in small
letters are not looked at: they are names of fields, parameters and templates, too.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

_MARKING = frozenset(("_", "gettext", "ngettext", "marked"))
"""The functions whose texts Babel puts into the catalogs."""
_SENTENCE = re.compile(r"[^\W\d_]{2,}[.,:;]? (?:[^\W\d_]|\{|%\()|^[A-Z][a-z]+[.:]?$")
_GAP = "{}"
"""Stands for what an f-string computes."""


def bare_strings(code: str) -> Iterator[str]:
    """Yield the sentences in the code of a module that have no translation, in their order. Docstrings are left out."""
    yield from filter(_SENTENCE.search, _texts(ast.parse(code)))


def _texts(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Expr(value=ast.Constant()):  # a docstring, of a module or of a name
            return
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else _GAP for each in values)
            yield from _texts_of(each for each in values if isinstance(each, ast.FormattedValue))
        case ast.Call(func=ast.Name(id=name), args=args) if name in _MARKING:
            yield from _texts_of(each for each in (*args, *node.keywords) if not isinstance(each, ast.Constant))
        case ast.AnnAssign(value=value) if value is not None:  # without the annotation, which may be a string
            yield from _texts(value)
        case _:
            yield from _texts_of(ast.iter_child_nodes(node))


def _texts_of(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for each in nodes:
        yield from _texts(each)
