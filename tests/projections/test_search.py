"""What a row stores to be searched, over arbitrary texts."""

from hypothesis import given
from hypothesis import strategies as st

from domain.text import text_key
from projections.query.search import search_columns

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(texts, max_size=4))
def test_the_separator_is_in_no_key(parts):
    stored, _ = search_columns(parts)
    keys = [text_key(part) for part in parts if part]
    assert stored.split("\n") == (keys or [""])
    assert all("\n" not in key for key in keys)


@given(texts)
def test_a_text_is_found_by_its_own_key_and_by_its_beginning(text):
    key = text_key(text)
    stored, beginnings = search_columns([text])
    assert key in stored
    assert {key[:1], key[:2]} - {""} == set(beginnings)
    assert search_columns([], [text]) == (stored, [])
