"""All that the assistant knows has words by which it is asked for, and answers to the questions that it suggests."""

import pytest

from api.assistant.answer import suggestions
from api.assistant.passages import Library
from api.assistant.question import read
from api.assistant.search import SearchResult, find
from api.assistant.vocabulary import PAGES
from api.docs.guides import guide_sources
from api.http.errors import CODES
from api.openapi.texts import TEXTS
from tests.support.openapi import made_document

LIBRARY = Library(made_document(), guide_sources(), "/api/v1")


def test_every_operation_and_every_guide_has_its_words():
    words = {id: words for texts in TEXTS.values() for id, words in texts.operations.items()}
    assert all(words[id].said for id in LIBRARY.operations)
    assert set(PAGES) == {guide.slug for guide in guide_sources()}


def test_every_error_code_has_a_section_to_answer_with():
    assert LIBRARY.codes == {code for codes in CODES.values() for code in codes}


@pytest.mark.parametrize("id", LIBRARY.operations)
def test_a_suggested_question_is_answered_by_what_suggested_it(id, index):
    operation = LIBRARY.operations[id]
    (question, *_) = suggestions(SearchResult(read("x", None, ()), (operation, operation), ()))
    assert find(question, None, LIBRARY, index).sources[0].id == id


@pytest.mark.parametrize("code", sorted(LIBRARY.codes))
def test_every_code_is_recognised_in_a_pasted_body(code, index):
    pasted = f'{{"success": false, "error": {{"code": "{code}", "message": "…"'
    assert find(pasted, None, LIBRARY, index).sources[0].id == f"errors#{code}"
