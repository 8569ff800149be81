"""No question that asks to see is answered with a request that changes something, in any of the three languages."""

import pytest

from api.app import RESOURCE_TYPES
from api.assistant.answers.answerer import Answerer
from api.assistant.answers.requests import RequestBuilder
from api.samples.placeholders import today
from tests.assistant.asking import ORIGIN

KINDS = {
    "invoice": ("invoices", "इनवॉइस"),
    "bill": ("bills", "बिल"),
    "leave": ("leaves", "छुट्टियाँ"),
}
DONE = (
    "created",
    "changed",
    "updated",
    "corrected",
    "deleted",
    "recorded",
    "reversed",
    "withdrawn",
    "rejected",
    "opened",
)
"""What the operations that write do, as one says of what was done, besides the statuses that they set."""
ENGLISH = (
    "show me the {done} {kinds}",
    "list all {done} {kinds}",
    "which {kinds} are {done}?",
    "I want to see the {done} {kinds}",
    "how do I find {kinds} that were {done}?",
    "display {done} {kinds} please",
    "can I view the {done} {kinds}?",
    "shwo me {kinds} that have been {done}",
    "show the {kinds} that were {done} yesterday, in Python",
)
PAYMENTS = (
    "how do I see how much Verma Stores still has to pay",
    "how can I see what a client paid on {kinds}",
    "show me the payments of {kinds}",
    "how do I find {kinds} that they have paid",
    "which {kinds} did I pay?",
    "list the {kinds} that we still have to pay",
    "{kinds} ka payment dikhao",
    "kis kisne {kinds} ka paisa diya, dikhao",
    "{kinds} ka payment aaya ya nahi, kaise dekhe",
    "{hindi} का भुगतान दिखाओ",
    "{hindi} का भुगतान हुआ या नहीं, कैसे देखें?",
)
HINGLISH = (
    "{done} {kinds} dikhao",
    "{done} {kinds} ki list dikhaiye",
    "kaun se {kinds} {done} hai",
    "{done} wale {kinds} dekhne hai",
    "{done} {kinds} kaise dekhe",
)
HINDI = (
    "{done} {hindi} दिखाओ",
    "कौन से {hindi} {done} हैं?",
    "{done} {hindi} की सूची दिखाइए",
    "{done} {hindi} कैसे देखें?",
)
QUESTIONS = [
    *(
        phrase.format(done=done, kinds=KINDS[resource.aggregate.kind][0], hindi=KINDS[resource.aggregate.kind][1])
        for resource in RESOURCE_TYPES
        if resource.aggregate.kind in KINDS
        for done in dict.fromkeys((*resource.aggregate.transitions(), *DONE))
        for phrase in (*ENGLISH, *HINGLISH, *HINDI)
    ),
    *(phrase.format(kinds=kinds, hindi=hindi) for kinds, hindi in list(KINDS.values())[:2] for phrase in PAYMENTS),
]


class EmptyIndex:
    """Finds no page: which request an answer shows does not depend on pages."""

    def unknown(self, edition, words):
        return {}

    def search(self, edition, terms, limit):
        return []


@pytest.fixture(scope="module")
def answerer(library):
    return Answerer(library, EmptyIndex())


def test_there_are_phrases_for_every_kind_status_and_language():
    assert len(QUESTIONS) > 700


@pytest.mark.thorough
@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.long)], ids=["every fifth", "all"])
def test_no_answer_changes_what_the_question_asks_to_see(answerer, step):
    changing = []
    for text in QUESTIONS[::step]:
        _, answer = answerer.answer([text], ORIGIN, today())
        if answer.request is not None and answer.request.operation.method != "GET":
            changing.append((text, answer.request.operation.id))
    assert changing == []


@pytest.mark.thorough
def test_a_follow_up_question_that_asks_to_see_changes_nothing(answerer):
    for text in QUESTIONS[::13]:
        for before in ("How do I create an invoice?", "approve leave_7", "void bill_2", "record 500 by upi on inv_9"):
            _, answer = answerer.answer([before, text], ORIGIN, today())
            assert answer.request is None or answer.request.operation.method == "GET", (before, text)


def test_a_request_that_changes_cannot_be_made_for_a_question_that_asks_to_see(library, read):
    requests = RequestBuilder(library.operations)
    writing = [each for each in library.operations.values() if each.method != "GET"]
    for text in QUESTIONS[::5]:
        question = read(text)
        assert [each.id for each in writing if requests.build(each, question, today()) is not None] == [], text
    assert len(writing) >= 9
