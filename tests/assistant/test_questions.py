"""Sixty questions in ordinary words: nine in ten are answered by the right page first. Ten others are declined."""

import json
from pathlib import Path

import pytest

from tests.support.cases import all_cases

QUESTIONS = [json.loads(line) for line in Path(__file__).with_name("questions.jsonl").read_text("utf-8").splitlines()]
ANSWERED = [each for each in QUESTIONS if each["expect"]]
OUTSIDE = [each for each in QUESTIONS if not each["expect"]]


def is_right(first, expected):
    return any(first == each or first.split("#")[0] == each for each in expected)


@pytest.fixture(scope="module")
def firsts(ask):
    """What each question's answer names first."""
    return [(each, ask(each["question"]).first) for each in ANSWERED]


def test_there_are_twelve_questions_of_each_kind_and_ten_from_outside():
    kinds = [each["kind"] for each in QUESTIONS]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "endpoint": 12, "auth": 12, "code": 12, "limits": 12, "errors": 12, "outside": 10,
    }  # fmt: skip


def test_nine_in_ten_are_answered_by_the_right_page_first(firsts):
    wrong = [(each["question"], first, each["expect"]) for each, first in firsts if not is_right(first, each["expect"])]
    assert len(wrong) <= len(firsts) // 10, wrong


@all_cases("each", OUTSIDE, ids=lambda each: each["question"][:30])
def test_a_question_about_something_else_is_declined_with_the_nearest_pages(each, ask):
    reply = ask(each["question"]).reply
    assert reply.sources == [] and reply.samples == []
    assert reply.answer.startswith("I do not know") and "/docs/guides" in reply.answer
