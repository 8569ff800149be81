"""Questions as people in India type them, about limits here and elsewhere, and about reading without changing."""

import json
from collections import Counter
from pathlib import Path

EVERYDAY = [json.loads(line) for line in Path(__file__).with_name("everyday.jsonl").read_text("utf-8").splitlines()]


def test_each_kind_has_enough_questions_and_no_question_stands_twice():
    kinds = Counter(each["kind"] for each in EVERYDAY)
    assert kinds == {"hindi": 46, "reading": 7, "limits": 16, "others": 14}
    assert len({each["question"] for each in EVERYDAY}) == len(EVERYDAY)


def test_every_expected_source_exists(library):
    ids = {id for each in EVERYDAY for id in each.get("expect", ())}
    assert ids <= library.operations.keys() | library.sections.keys()
