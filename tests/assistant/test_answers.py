"""Questions for which a wrong sample or no answer does harm: the first source, the text and the sample."""

import json
from pathlib import Path

import pytest

from api.samples.placeholders import fill_days, today
from tests.support.cases import all_cases

ANSWERS = [json.loads(line) for line in Path(__file__).with_name("answers.jsonl").read_text("utf-8").splitlines()]


@all_cases("each", ANSWERS, ids=lambda each: each["question"][:40])
def test_the_answer_says_what_to_do_and_the_sample_does_it(each, ask):
    asked = ask(each["question"])
    assert asked.first == each["first"]
    assert each["says"] in asked.reply.answer
    if each["sample"] is None:
        assert asked.reply.samples == []
    else:
        code = asked.reply.samples[0].code
        assert fill_days(each["sample"], today()) in code.replace("'", '"') + code


@pytest.mark.parametrize(
    ("question", "status"), [("send an invoice", "sent"), ("open a bill", "open"), ("approve leave", "approved")]
)
def test_only_a_status_that_can_be_set_is_set(question, status, ask):
    asked = ask(question)
    assert "is one of" not in asked.reply.answer and f"Set `status` to `{status}`" in asked.reply.answer
    assert f'{{"status": "{status}"}}' in asked.reply.samples[0].code


@pytest.mark.parametrize(
    "question", ["write me a poem about the sea sd_live_abcDEF123456", "what is sd_live_abcDEF123456"]
)
def test_a_question_that_contains_a_key_is_answered_with_a_warning(question, ask):
    asked = ask(question)
    assert asked.reply.answer.startswith("**Your question held an API key.**")
    assert "abcDEF" not in asked.reply.answer + asked.question.reading.text


@pytest.mark.parametrize("question", ["what is the price of gold", "how do I delete my facebook account"])
def test_facts_are_only_about_this_service(question, ask):
    asked = ask(question)
    assert asked.sources == () and asked.reply.answer.startswith("I do not know")


def test_a_named_error_has_priority_over_a_fact(ask):
    assert ask("405 method_not_allowed when I delete an invoice").first == "errors#method_not_allowed"
    assert "not deleted" in ask("delete an invoice").reply.answer
