"""Lays documents out, with typst. Only the printing process imports this module: the library is large."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, cast

import msgspec
import typst

from infra.reads.objects.pdf.coverage import characters, main_characters, printable
from infra.reads.objects.pdf.maker import FAMILIES, TEMPLATE, font_files

STANDARD: Final = "a-2b"
DOCUMENT = "document"
TEMPLATES = {DOCUMENT: TEMPLATE, "edit_log": TEMPLATE.with_name("edit_log.typ")}
"""The templates by their names. A content without a name is a document."""
MADE_AT = 0
"""The time in the PDF. It is the same in all, so that the same content makes the same bytes."""


class LayoutFailed(Exception):
    """The template and the content do not fit together."""


def prepare() -> None:
    """Read the fonts and the template of documents, which the first document would wait for otherwise."""
    characters()
    _compiler(DOCUMENT)


def lay_out(content: bytes) -> bytes:
    """Return the PDF of a content, which is JSON. Raises LayoutFailed.

    If the fonts do not have all characters that stand together, as in a Latin letter with a Tamil vowel sign, only
    those of the first font are printed.
    """
    values = msgspec.json.decode(content)
    values.setdefault("fonts", FAMILIES)
    try:
        return _compile(_with(values, characters()))
    except typst.TypstError:
        pass
    try:
        return _compile(_with(values, main_characters()))
    except typst.TypstError as error:
        raise LayoutFailed(f"{error.message}: {'; '.join(error.trace)}") from error


def pictures(content: bytes, pixels_per_inch: float) -> list[bytes]:
    """Return the pages of a content as PNG files, for people who look at the template."""
    values = msgspec.json.encode(_with(msgspec.json.decode(content), characters())).decode()
    made = _compiler(DOCUMENT).compile(sys_inputs={"content": values}, format="png", ppi=pixels_per_inch)
    return [made] if isinstance(made, bytes) else cast("list[bytes]", made)


def _compile(values: Any) -> bytes:
    inputs = {"content": msgspec.json.encode(values).decode()}
    template = values.get("template", DOCUMENT)
    made = _compiler(template).compile(
        sys_inputs=inputs,
        format="pdf",
        pdf_standards=STANDARD,
        timestamp=MADE_AT,
        pdf_tags=template == DOCUMENT,  # with them, an edit log has fifteen times as many bytes
    )
    return cast("bytes", made)


def _with(value: Any, allowed: frozenset[int]) -> Any:
    """Return a value whose texts have only these characters."""
    if isinstance(value, str):
        return printable(value, allowed)
    if isinstance(value, list):
        return [_with(each, allowed) for each in value]
    return {name: _with(each, allowed) for name, each in value.items()} if isinstance(value, dict) else value


@cache
def _compiler(template: str) -> typst.Compiler:
    folders = [str(path.parent) for path in font_files()]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(str(TEMPLATES[template]), font_paths=fonts, ignore_system_fonts=True)
