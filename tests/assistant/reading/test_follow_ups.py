"""How a follow-up question is read that names one thing, and how days and numbers are read in both languages."""

from datetime import date

import pytest

from api.assistant.topics.verdict import with_verdict

DAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("Can I delete an invoice?", "what about a leave?", "Can I delete an leave?"),
        ("What does 409 mean?", "and 412?", "What does 412 mean?"),
        ("Which scopes are there?", "which one do I need to void a bill?", "which scope do I need to void a bill?"),
        ("What is metadata?", "how many of those can I have?", "how many metadata can I have?"),
        ("who can create keys?", "and rotate them?", None),
        ("How do I connect with Make?", "and with n8n?", None),
        ("list open bills", "and the status of bill_01KX?", None),
    ],
)
def test_a_follow_up_that_names_one_thing_asks_the_question_before_about_it(read, before, question, whole):
    followed = read(question, before)
    assert (followed.reading.plain if followed.before is None else None) == whole


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("5 से 7 जनवरी 2027 तक छुट्टी", [(date(2027, 1, 5), date(2027, 1, 7))]),
        ("मार्च 2027 की छुट्टियाँ", [(date(2027, 3, 1), date(2027, 3, 31))]),
        ("किन इनवॉइस की तारीख निकल गई है?", []),
        ("कल की छुट्टी", [(date(2026, 11, 28), date(2026, 11, 28))]),
    ],
)
def test_a_word_in_devanagari_ends_after_its_last_sign(read, question, days):
    assert [(each.first, each.last) for each in read(question, day=DAY).details.days] == days


@pytest.mark.parametrize(
    ("question", "begin"),
    [
        ("can a number have 20 characters", "No, it has 1 to 16"),
        ("can a number have 12 characters", "Yes, it has 1 to 16"),
        ("how long is a number of 2026-27", "It has 1 to 16"),
    ],
)
def test_an_answer_with_a_limit_says_whether_the_number_of_the_question_is_within_it(question, begin):
    terms = frozenset(question.split())
    assert with_verdict("It has 1 to 16 characters.", question, terms).startswith(begin)
