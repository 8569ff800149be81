"""The texts of the console and of mails, as Babel finds them in the code, and the catalogs with their translations."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from api.pages.translation import CATALOGS, ENGLISH, LANGUAGES
from tests.architecture.tree import ROOT
from tests.translations.other_rooms import texts_of_other_rooms

TRANSLATED = tuple(code for code in LANGUAGES if code != ENGLISH)
"""The languages that have a catalog."""
_FOLDERS = ("api/console", "api/pages")
"""The folders with texts of the console and of mails."""
_METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
_OPTIONS: dict[str, dict[str, Any]] = {
    pattern: {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"} for pattern in ("**.html", "**.txt")
}
_KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "marked": None, "ngettext": (1, 2)}
_NOTE = "For translators:"
"""A comment that begins so goes into the catalogs, beside the text after it."""
_DATES = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Report).*\n', re.MULTILINE
)
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""A catalog without a date does not change when nothing is translated."""


def po_path(code: str) -> Path:
    """Return the path of a language's catalog, which people read and change."""
    return CATALOGS / f"{code}.po"


def mo_path(code: str) -> Path:
    """Return the path of a language's compiled catalog, which the service reads."""
    return CATALOGS / f"{code}.mo"


def extracted() -> Catalog:
    """Return all texts that can be translated, each with the files in which it stands."""
    catalog = Catalog()
    for path, text, notes in [*_in_code(), *_in_other_rooms()]:
        flags = ("python-format",) if path.endswith(".html") and "%" in str(text) else ()
        catalog.add(text, locations=[(path, 0)], auto_comments=notes, flags=flags)
    return catalog


def _in_code() -> Iterator[tuple[str, Any, list[str]]]:
    for folder in _FOLDERS:
        found = extract_from_dir(
            ROOT / folder, _METHODS, _OPTIONS, _KEYWORDS, [_NOTE], strip_comment_tags=True, directory_filter=None
        )
        for path, _, text, notes, _context in found:
            yield f"{folder}/{path}", text, notes


def _in_other_rooms() -> Iterator[tuple[str, Any, list[str]]]:
    for path, text in texts_of_other_rooms():
        yield path, text, []


def read_catalog(code: str) -> Catalog:
    """Return the catalog of a language."""
    with po_path(code).open("rb") as file:
        catalog = read_po(file, locale=code)
    catalog.creation_date = catalog.revision_date = _NO_DATE
    return catalog


def po_text(catalog: Catalog) -> str:
    """Return the text of a catalog's file, without dates and line numbers, which would change for no reason."""
    file = io.BytesIO()
    write_po(file, catalog, width=120, ignore_obsolete=True, include_lineno=False)
    return _DATES.sub("", file.getvalue().decode())


def compiled(code: str) -> bytes:
    """Return the bytes of a compiled catalog."""
    file = io.BytesIO()
    write_mo(file, read_catalog(code))
    return file.getvalue()
