"""The questions of people and of rounds that were tuned on later: no change makes the assistant answer fewer of them."""

import pytest

from api.assistant.knowledge.languages.english_words import FIELDS
from api.assistant.reply import AssistantReply
from tests.assistant.grade import grade_all
from tests.assistant.grading import read_questions
from tests.support.openapi import build_document

_RIGHT_AT_LEAST = 0.96


@pytest.fixture(
    scope="module", params=[pytest.param(5, id="every fifth"), pytest.param(1, id="all", marks=pytest.mark.long)]
)
def grades(request, ask):
    """The grades of the questions: of every fifth, or of all."""

    def answer(question) -> AssistantReply:
        return ask(question.question, *question.previous).reply

    questions = [*read_questions("fresh"), *read_questions("round")]
    assert len(questions) > 600
    return grade_all(questions[:: request.param], answer)


def test_nearly_all_are_answered_right(grades):
    wrong = [(each.question.id, each.question.question[:80], each.faults) for each in grades if not each.is_right]
    assert len(wrong) <= (1 - _RIGHT_AT_LEAST) * len(grades), wrong


def test_no_answer_is_dangerous(grades):
    assert [each.question.question for each in grades if each.is_dangerous] == []


def test_the_names_of_fields_that_questions_are_read_by_exist():
    assert set(FIELDS.split()) - {name.lower() for name in _names_in(build_document())} == set()


def _names_in(node):
    """Yield the names of all fields and parameters of the OpenAPI document."""
    if isinstance(node, dict):
        yield from node.get("properties", {})
        yield from [node["name"]] if isinstance(node.get("name"), str) else []
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _names_in(each)
