"""The meaning of words, however they are spelt and in whichever language."""

import pytest

from api.assistant.reading.words import words_of
from tests.support.cases import all_cases


def meanings(text):
    return [word.meaning for word in words_of(text)]


@all_cases(
    ("text", "meaning"),
    [
        ("invoices", "invoice"), ("invoce", "invoice"), ("इनवॉइस", "invoice"), ("bijak", "invoice"), ("vacation", "leave"),
        ("chhuttiyan", "leave"), ("छुट्टी", "leave"), ("rejected", "denied"), ("aprove", "approve"), ("मंज़ूर", "approve"),
        ("showing", "see"), ("dikhaiye", "see"), ("दिखाओ", "see"), ("scpoes", "scope"), ("paginaton", "page"),
        ("balanse", "balance"), ("tymezone", "timezone"), ("चेक", "cheque"), ("विक्रेता", "vendor"),
    ],
)  # fmt: skip
def test_a_word_has_the_meaning_of_the_documentation(text, meaning):
    assert meanings(text) == [meaning]


@pytest.mark.parametrize("text", ["Mehta", "kiran", "surat", "acme-traders"])
def test_a_name_is_no_word(text):
    assert not words_of(text)[0].is_known


def test_a_short_word_of_both_languages_is_hindi_only_in_a_hindi_sentence():
    assert meanings("do I") == ["do", "i"]
    assert meanings("do bill dikhao") == ["two", "bill", "see"]


def test_kaun_with_se_asks_which_and_not_who():
    assert "which" in meanings("कौन से बिल") and "who" in meanings("कौन छुट्टी पर है")
