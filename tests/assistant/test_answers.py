"""Questions on which a wrong sample, or silence, does harm: what is said first, and what the sample does."""

import json
from pathlib import Path

import pytest

from api.assistant.answer import compose
from api.assistant.canned import canned_answer_for
from api.assistant.search import find

ANSWERS = [json.loads(line) for line in Path(__file__).with_name("answers.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture
def answered(library, index):
    def answer(question, language=None):
        found = find(question, language, library, index)
        return found, compose(found, library, "http://127.0.0.1:8000")

    return answer


@pytest.mark.parametrize("each", ANSWERS, ids=lambda each: each["question"][:40])
def test_the_answer_says_it_and_the_sample_does_it(each, answered):
    found, reply = answered(each["question"])
    assert found.sources[0].id == each["first"]
    assert each["says"] in reply.answer
    if each["sample"] is None:
        assert reply.samples == []
    else:
        assert each["sample"] in reply.samples[0].code.replace("'", '"') + reply.samples[0].code


@pytest.mark.parametrize(
    ("operation", "said"),
    [("create invoice", None), ("send an invoice", ("sent", "void")), ("approve leave", ("approved", "denied"))],
)
def test_a_status_is_described_by_what_it_can_be_set_to(operation, said, answered):
    answer = answered(operation)[1].answer
    assert "is one of" not in answer and "`status` takes `partially_paid`" not in answer
    if said is not None:
        assert f"`status` takes {', '.join(f'`{word}`' for word in said)}" in answer


@pytest.mark.parametrize(
    "question", ["write me a poem about the sea sd_live_abcDEF123456", "what is sd_live_abcDEF123456"]
)
def test_a_key_in_a_question_is_to_be_revoked_whatever_the_answer(question, answered):
    found, reply = answered(question)
    assert reply.answer.startswith("**Your question held an API key.**")
    assert "abcDEF" not in reply.answer + found.question.text


@pytest.mark.parametrize("question", ["what is the price of gold", "how do I delete my facebook account"])
def test_what_there_is_not_is_said_of_this_service_alone(question, answered):
    found, reply = answered(question)
    assert found.ready is None and reply.answer.startswith("I do not know")


def test_an_error_that_is_named_is_explained_whatever_other_words_there_are(answered):
    found, _ = answered("405 method_not_allowed when I delete an invoice")
    assert found.sources[0].id == "errors#method_not_allowed" and canned_answer_for("delete an invoice", ()) is not None
