"""Questions as people in India type them, about limits here and elsewhere, and about reading without changing."""

import json
from collections import Counter
from pathlib import Path

import pytest

from api.assistant.reading.hindi import english_of, entries, sound_of, to_english
from domain.text import text_key
from tests.support.cases import all_cases

EVERYDAY = [json.loads(line) for line in Path(__file__).with_name("everyday.jsonl").read_text("utf-8").splitlines()]


def test_each_kind_has_enough_questions_and_no_question_stands_twice():
    kinds = Counter(each["kind"] for each in EVERYDAY)
    assert kinds == {"hindi": 73, "reading": 7, "limits": 16, "others": 16, "rules": 7}
    assert len({each["question"] for each in EVERYDAY}) == len(EVERYDAY)


def test_every_expected_source_exists(library):
    ids = {id for each in EVERYDAY for id in each.get("expect", ())}
    assert ids <= library.operations.keys() | library.sections.keys()


@pytest.fixture(scope="module")
def answers(ask):
    """The answer to each question."""
    return {each["question"]: ask(each["question"]) for each in EVERYDAY}


@pytest.mark.parametrize("kind", ["hindi", "reading", "limits", "rules"])
def test_nineteen_in_twenty_are_answered_by_the_right_page_first(kind, answers):
    asked = [each for each in EVERYDAY if each["kind"] == kind]
    firsts = {each["question"]: answers[each["question"]].first for each in asked}
    wrong = [
        (each["question"], firsts[each["question"]], each["expect"])
        for each in asked
        if firsts[each["question"]].partition("#")[0] not in each["expect"]
    ]
    assert len(wrong) <= len(asked) // 20, wrong


@pytest.mark.parametrize("each", [each for each in EVERYDAY if "product" in each], ids=lambda each: each["question"])
def test_limits_of_another_product_are_not_ours(each, answers):
    answer = answers[each["question"]].reply.answer
    assert f"limits of {each['product']}" in answer and "not ours" in answer


def test_a_question_about_reading_has_a_sample_that_reads(answers):
    for each in EVERYDAY:
        if each["kind"] == "reading":
            samples = answers[each["question"]].reply.samples
            assert samples and all("-X" not in sample.code for sample in samples if sample.language == "curl")


@all_cases(
    "words",
    [
        "chutti chhutti chhuti chutii chuti chuttiyan छुट्टी छुट्टियाँ",
        "banao banaye banayen banana banani banate banayenge bnana बनाएं बनाएँ बनाओ बनाना बनाते",
        "manzoor manjoor manjur मंज़ूर मंजूर मं\u091c\u093cूर मं\u200dजूर",
        "asweekar aswikar asvikaar अस्वीकार",
        "bhugtan bhugtaan भुगतान भुग\u200cतान",
        "dikhao dikhaao dikhaiye dekhna dekhni दिखाओ दिखाइए देखना",
        "karein kare karu krna karna karke करें करना",
    ],
)
def test_words_that_sound_alike_are_one_word(words):
    assert len({english_of(text_key(word)) for word in words.split()} - {None}) == 1
    assert all(english_of(text_key(word)) is not None for word in words.split())


def test_no_two_hindi_words_of_one_sound_have_two_meanings():
    meanings: dict[str, set[str]] = {}
    for word, english in entries():
        meanings.setdefault(sound_of(text_key(word.removesuffix("-"))), set()).add(english)
    assert {sound: each for sound, each in meanings.items() if len(each) > 1} == {}


def test_a_word_of_the_documentation_is_not_taken_for_hindi(library):
    assert list(to_english(sorted(library.words), library.words)) == sorted(library.words)
