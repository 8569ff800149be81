"""Updates the catalogs after texts were added, changed or removed, and compiles them: `make translations` runs it.

New texts get an empty translation, and texts that are gone leave the catalog. It prints what still has no translation.
"""

from __future__ import annotations

import sys

from babel.messages.catalog import Catalog

from api.pages.translation import LANGUAGES
from tests.translations.catalogs import TRANSLATED, compiled, extracted, mo_path, po_path, po_text, read_catalog


def update(code: str) -> list[str]:
    """Bring a language's catalog up to date, and return the texts without a translation."""
    texts, catalog = extracted(), read_catalog(code) if po_path(code).exists() else Catalog(locale=code)
    catalog.update(texts, no_fuzzy_matching=True)
    catalog.project, catalog.fuzzy = "SmartDhandha", False
    catalog.header_comment = f"# The texts of the console and of mails in {LANGUAGES[code]}. The words: glossary.md"
    po_path(code).write_text(po_text(catalog), encoding="utf-8")
    mo_path(code).write_bytes(compiled(code))
    return [str(message.id) for message in catalog if message.id and not is_translated(message.string)]


def is_translated(text: object) -> bool:
    """Return whether a translation, or each of its plural forms, has a text."""
    forms = text if isinstance(text, list | tuple) else [text]
    return all(forms)


if __name__ == "__main__":
    for each in TRANSLATED:
        missing = update(each)
        for text in missing:
            print(f"{each}: not translated: {text}")
        print(f"{each}: {len(missing)} texts are not translated")
    sys.exit()
