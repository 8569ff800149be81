"""Every operation, guide and error code is found by the words that people use, and by suggested questions."""

from collections import Counter

import pytest

from api.app import RESOURCE_TYPES
from api.assistant.answer import suggested_question
from api.assistant.answers.answerer import Answerer
from api.assistant.knowledge.library import Library
from api.assistant.topics import TOPICS
from api.assistant.topics.matching.paraphrases import PARAPHRASES
from api.docs.guide_words import GUIDE_WORDS
from api.docs.guides import guide_sources
from api.http.errors.codes import CODES
from api.openapi.texts import TEXTS
from api.samples.placeholders import today
from tests.support.cases import all_cases
from tests.support.openapi import build_document

LIBRARY = Library(build_document(), guide_sources(), "/api/v1", RESOURCE_TYPES)


def test_every_operation_and_every_guide_has_search_words():
    words = {id: words for texts in TEXTS.values() for id, words in texts.operations.items()}
    assert all(words[id].search_words for id in LIBRARY.operations)
    assert set(GUIDE_WORDS) == {guide.slug for guide in guide_sources()}


def test_every_error_code_has_a_section_in_the_guide_to_errors():
    assert LIBRARY.codes == {code for codes in CODES.values() for code in codes}


def test_every_paraphrase_belongs_to_an_example_question_of_one_topic():
    examples = Counter(question for topic in TOPICS.all for question in topic.like)
    assert {question for question in PARAPHRASES if question not in examples} == set()
    others = [other for each in PARAPHRASES.values() for other in each]
    assert len(others) > 300 and {other for other in others if examples[other] != 1} == set()


@all_cases("id", LIBRARY.operations)
def test_a_suggested_question_is_answered_by_its_operation(id, ask):
    assert ask(suggested_question(LIBRARY.operations[id])).first == id


@pytest.mark.parametrize(
    ("question", "id"),
    [
        ("list all leaves", "listLeaves"),
        ("add a leave", "createLeave"),
        ("retrieve a single leave by id", "getLeave"),
        ("edit a leave", "updateLeave"),
        ("history of a leave", "listLeaveEvents"),
    ],
)
def test_a_resource_without_search_words_is_found_by_default_words(question, id, index, monkeypatch):
    texts = TEXTS["Leaves"]
    operations = {each: words._replace(search_words="") for each, words in texts.operations.items()}
    monkeypatch.setitem(TEXTS, "Leaves", texts._replace(operations=operations))
    library = Library(build_document(), guide_sources(), "/api/v1", RESOURCE_TYPES)
    assert Answerer(library, index).answer([question], "", today())[1].sources[0] == id


@all_cases("code", sorted(LIBRARY.codes))
def test_every_code_is_recognised_in_a_pasted_body(code, ask):
    pasted = f'{{"success": false, "error": {{"code": "{code}", "message": "…"'
    assert ask(pasted).first == f"errors#{code}"


def test_the_sources_of_every_fact_exist():
    named = {id for topic in TOPICS.all for id in (*topic.sources, topic.operation) if id}
    assert named - LIBRARY.operations.keys() - LIBRARY.sections.keys() == set()
