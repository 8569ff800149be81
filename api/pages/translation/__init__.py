"""The language of the console and of mails: texts are written in English, and translated with the catalogs of gettext.

A thread speaks English until `use_language` names another language, so public pages, guides, the reference and the
messages of the API stay English. `glossary.md` has the words of each translation, `hi.po` the texts in Hindi.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

ENGLISH, HINDI = "en", "hi"
LANGUAGES: Mapping[str, str] = {ENGLISH: "English", HINDI: "हिन्दी"}
"""The languages, by their codes (BCP 47): the name of each in the language itself."""
CATALOGS = Path(__file__).parent
_language = ContextVar("language", default=ENGLISH)


def language() -> str:
    """Return the code of the language in which this thread writes."""
    return _language.get()


def use_language(code: str) -> None:
    """Let this thread write in a language of LANGUAGES from now on."""
    _language.set(code)


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Let the code within the `with` block write in a language of LANGUAGES."""
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


def gettext(text: str, /, **values: object) -> str:
    """Return an English text in the language of this thread, with `values` in its places, such as `%(name)s`.

    A text without a translation stays English. Modules import this function as `_`, under which name Babel finds it.
    """
    found = translation(text)
    return found % values if values else found


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """Return the text that fits to the number: `one` or `many` in English; other languages have rules of their own.

    In both texts, `%(num)s` is the place of the number.
    """
    return plural_translation(one, many, number) % {"num": number, **values}


def marked(text: str) -> str:
    """Return the text unchanged: Babel finds it in the code. It is translated with `gettext` where it is shown."""
    return text


def translation(text: str) -> str:
    """Return a text in the language of this thread, with its places as they are. The templates use this function."""
    return _catalog(language()).gettext(text) if text else ""


def plural_translation(one: str, many: str, number: int) -> str:
    """Return the text of `ngettext` with its places as they are. The templates use this function."""
    return _catalog(language()).ngettext(one, many, number)


@cache
def _catalog(code: str) -> NullTranslations:
    if code == ENGLISH:
        return NullTranslations()
    with (CATALOGS / f"{code}.mo").open("rb") as file:
        return GNUTranslations(file)
