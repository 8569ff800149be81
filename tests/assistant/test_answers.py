"""Questions for which a wrong sample or no answer does harm: the first source, the text and the sample."""

import json
from pathlib import Path

import pytest

from api.assistant.answer import compose_reply
from api.assistant.knowledge.canned import find_canned
from api.assistant.search import search

ANSWERS = [json.loads(line) for line in Path(__file__).with_name("answers.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture
def answer_to(library, index):
    def answer(question, language=None):
        result = search(question, language, library, index)
        return result, compose_reply(result, library, "http://127.0.0.1:8000")

    return answer


@pytest.mark.parametrize("each", ANSWERS, ids=lambda each: each["question"][:40])
def test_the_answer_says_what_to_do_and_the_sample_does_it(each, answer_to):
    result, reply = answer_to(each["question"])
    assert result.sources[0].id == each["first"]
    assert each["says"] in reply.answer
    if each["sample"] is None:
        assert reply.samples == []
    else:
        assert each["sample"] in reply.samples[0].code.replace("'", '"') + reply.samples[0].code


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [("create invoice", None), ("send an invoice", ("sent", "void")), ("approve leave", ("approved", "denied"))],
)
def test_only_the_statuses_that_can_be_set_are_listed(operation, statuses, answer_to):
    answer = answer_to(operation)[1].answer
    assert "is one of" not in answer and "`status` takes `partially_paid`" not in answer
    if statuses is not None:
        assert f"`status` takes {', '.join(f'`{word}`' for word in statuses)}" in answer


@pytest.mark.parametrize(
    "question", ["write me a poem about the sea sd_live_abcDEF123456", "what is sd_live_abcDEF123456"]
)
def test_a_question_that_contains_a_key_is_answered_with_a_warning(question, answer_to):
    result, reply = answer_to(question)
    assert reply.answer.startswith("**Your question held an API key.**")
    assert "abcDEF" not in reply.answer + result.question.text


@pytest.mark.parametrize("question", ["what is the price of gold", "how do I delete my facebook account"])
def test_canned_answers_are_only_about_this_service(question, answer_to):
    result, reply = answer_to(question)
    assert result.canned is None and reply.answer.startswith("I do not know")


def test_a_named_error_has_priority_over_a_canned_answer(answer_to):
    result, _ = answer_to("405 method_not_allowed when I delete an invoice")
    assert (
        result.sources[0].id == "errors#method_not_allowed" and find_canned({"delete", "an", "invoice"}, ()) is not None
    )
