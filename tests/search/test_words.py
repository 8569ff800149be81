"""How texts are split into words, and mistyped words are corrected."""

import pytest

from api.search.spelling import Spelling
from api.search.words import query_words, stem, words_of


@pytest.mark.parametrize(
    "words",
    ["invoice invoices", "retry retries", "limit limits limited limiting", "key keys", "cancel cancelled", "429 429s"],
)
def test_forms_of_a_word_are_one_word(words):
    assert len({stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize("words", ["paid pay", "bill build", "rate rank", "leave level"])
def test_other_words_stay_other_words(words):
    assert len({stem(word) for word in words.split()}) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dueDate", ["due", "dat", "duedat"]),
        ("rate_limited", ["rat", "limit", "ratelimit"]),
        ("GET /invoices/{id}", ["get", "invoic", "id"]),
        ("n8n", ["n8n"]),
        ("Idempotency-Key", ["idempotency", "key"]),
        ("HSN/SAC", ["hsn", "sac"]),
    ],
)
def test_a_name_is_split_into_its_parts(text, words):
    assert words_of(text) == words


def test_of_a_search_only_so_many_words_are_looked_up():
    words = [f"word{number}x" for number in range(400)]
    assert query_words(" ".join(words), 12) == words[:12]


@pytest.mark.parametrize("typed", ["invoce", "invioce", "inovice", "invoicce", "invojce", "nivoice"])
def test_one_wrong_letter_is_corrected(typed):
    assert Spelling(["invoice", "payment", "voice"]).near(typed) == ["invoice"]


@pytest.mark.parametrize("typed", ["voice", "inv", "incvoces", "unvoice"])
def test_a_word_that_is_further_away_is_not(typed):
    assert "invoice" not in Spelling(["invoice"]).near(typed)
