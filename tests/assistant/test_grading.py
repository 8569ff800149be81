"""The program that grades the assistant's answers: what it takes for right, and what it does not."""

import msgspec
import pytest

from api.assistant.reply import AssistantReply, AssistantSample
from tests.assistant.grading import Expected, first_sentence, grade, normalized, read_questions
from tests.support.cases import all_cases

LIST = "curl -sS 'http://127.0.0.1:8000/api/v1/bills?status=open' \\\n  -H \"Authorization: Bearer $SD_KEY\""
CHANGE = LIST.replace("-sS", "-sS -X PATCH")


def expected(**facts):
    return msgspec.convert(
        {"id": "x", "kind": "plain", "language": "en", "question": "?", "why": "", **facts}, Expected
    )


def reply(answer="Bills are listed.", *samples):
    return AssistantReply(answer, [], [AssistantSample(*sample) for sample in samples], [])


@pytest.mark.parametrize("half", ["tuning", "kept"])
def test_each_half_has_150_questions_with_ids_of_their_own(half):
    questions = read_questions(half)
    assert len({question.id for question in questions}) == len(questions) == 150


def test_case_marks_blanks_and_separators_of_thousands_do_not_count():
    assert normalized("**1 000** Credits,\n `partially_paid`") == "1000 credits, partiallypaid"
    assert normalized("1,00,000 and 82,600.00") == "100000 and 82600.00"


def test_the_first_sentence_ends_at_a_full_stop_or_a_blank_line():
    assert first_sentence(reply("No, it is `a.b`. Yes.")) == "No, it is `a.b`. "
    assert first_sentence(reply("हाँ, 24 घंटे। और")) == "हाँ, 24 घंटे। "
    assert first_sentence(reply("With this\n\n```sh\nx\n```\nmore")) == "With this "


@all_cases(
    ("facts", "answer"),
    [
        ({"first": [["1000"]]}, reply("Per key. It is 1 000.")),
        ({"must": [["1000", "thousand"]]}, reply("A hundred.")),
        ({"must_not": ["yes,"]}, reply("Yes, it is.")),
        ({"dangerous": ["PATCH"]}, reply("Bills.", ("curl", CHANGE))),
        ({"sample": "go"}, reply("Bills.", ("curl", LIST))),
        ({"request": {"method": "PATCH", "path": "/bills"}}, reply("Bills.", ("curl", LIST))),
        ({"request": {"method": "GET", "path": "/bills/{id}"}}, reply("Bills.", ("curl", LIST))),
        ({"request": {"method": "GET", "path": "/bills", "contains": ["void"]}}, reply("Bills.", ("curl", LIST))),
        ({"declines": True}, reply("It will rain.")),
        ({"declines": True}, reply("I do not know that.", ("curl", LIST))),
        ({"first": [["not "]]}, reply("I do not know that.")),
    ],
)  # fmt: skip
def test_an_answer_that_misses_what_it_must_have_is_wrong(facts, answer):
    assert not grade(expected(**facts), answer).is_right


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({"first": [["1000"]], "must": [["30 days"]]}, reply("It is 1 000. In 30 days.")),
        ({"request": {"method": "GET", "path": "/bills", "contains": ["=open"]}}, reply("Bills.", ("curl", LIST))),
        ({"declines": True}, reply("I do not know that.")),
        ({"dangerous": ["PATCH"]}, reply("A PATCH would change it.", ("curl", LIST))),
    ],
)  # fmt: skip
def test_an_answer_that_has_all_of_it_is_right(facts, answer):
    assert grade(expected(**facts), answer).is_right
