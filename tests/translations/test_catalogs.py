"""Every text of the console and of mails has a translation, which keeps its places and its HTML elements."""

import re

import pytest

from tests.architecture.tree import ROOT
from tests.translations.catalogs import TRANSLATED, compiled, extracted, mo_path, read_catalog
from tests.translations.update import is_translated

ADVICE = "run `make translations`, translate what it lists, and run it again"
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")
TAG = re.compile(r"</?[a-z][^>]*>")
KEPT = re.compile(r"<code[^>]*>[^<%]*</code>|\b(?:GET|POST|PATCH)\b|\b\d{3,}\b")
"""What is the same in each language: code samples, methods of HTTP, and numbers of three digits or more."""


@pytest.fixture(scope="module")
def texts():
    """All texts of the code, with their plural forms."""
    return {message.id for message in extracted() if message.id}


@pytest.fixture(scope="module", params=TRANSLATED)
def catalog(request):
    return [message for message in read_catalog(request.param) if message.id]


def test_every_text_is_translated_and_no_translation_is_left_over(texts, catalog):
    """Seen red: a new text in a template, and a text that was removed."""
    assert texts - {message.id for message in catalog if is_translated(message.string)} == set(), ADVICE
    assert {message.id for message in catalog} - texts == set(), ADVICE


def test_no_translation_is_a_guess(catalog):
    assert [message.id for message in catalog if message.fuzzy] == []


def test_translations_keep_places_elements_and_codes(catalog):
    wrong = [
        (source, translated)
        for message in catalog
        for source, translated in pairs(message)
        for part in (PLACE, TAG, KEPT)
        if sorted(part.findall(ungrouped(source))) != sorted(part.findall(ungrouped(translated)))
    ]
    assert wrong == []


def test_translations_keep_spaces_at_their_ends(catalog):
    def ends(text):
        return text[:1].isspace(), text[-1:].isspace()

    assert [source for each in catalog for source, text in pairs(each) if ends(source) != ends(text)] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_compiled_catalog_has_the_present_translations(code):
    assert mo_path(code).read_bytes() == compiled(code), ADVICE


def test_the_compiled_catalogs_are_part_of_an_installation():
    assert "**/*.mo" in (ROOT / "setup.cfg").read_text("utf-8")


def ungrouped(text):
    """Return the text without the separators in its numbers, which languages put elsewhere: 100,000 and 1,00,000."""
    return re.sub(r"(?<=\d),(?=\d)", "", text)


def pairs(message):
    """Return each form of a translation with its text.

    All forms of a plural keep the places of the English plural: Hindi uses its form for one for 0, too, so it must show
    the number, also where English writes "a minute". Seen red: such a form without its number.
    """
    if isinstance(message.id, tuple):
        return [(message.id[-1], form) for form in message.string]
    return [(message.id, message.string)]
