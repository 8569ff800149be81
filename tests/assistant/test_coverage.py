"""Each field, status and error of the API can be asked for in English, Hinglish and Hindi.

Whether a field is required is answered for each; what it is, for those that have a name of their own, such as `paidOn`: others,
such as `status`, are words of English, and what they are is answered by a fact.
"""

import pytest

from api.app import RESOURCE_TYPES
from api.assistant.answers.answerer import Answerer
from api.assistant.answers.tables.field import fields_of
from api.samples.placeholders import today
from tests.assistant.asking import ORIGIN
from tests.assistant.test_vocabulary import LIBRARY

KINDS = {"invoice": "इनवॉइस", "bill": "बिल", "leave": "छुट्टी", "party": "पार्टी", "employee": "कर्मचारी"}
KINDS |= {"credit_note": "क्रेडिट नोट", "debit_note": "डेबिट नोट", "vendor_credit": "वेंडर क्रेडिट"}
FIELDS = sorted(
    {
        (operation.resource.aggregate.kind, field.name)
        for operation in LIBRARY.operations.values()
        if operation.resource is not None and operation.body is not None
        for field in fields_of(operation, LIBRARY)
    }
)
STATUSES = [
    (each.aggregate.kind, status)
    for each in RESOURCE_TYPES
    if each.aggregate.kind in KINDS
    for status in each.aggregate.transitions()
]


@pytest.fixture(scope="module")
def answer():
    """Return a function that answers a question without an index of pages."""

    class Empty:
        def unknown(self, edition, words):
            return {}

        def search(self, edition, terms, limit):
            return []

    answerer = Answerer(LIBRARY, Empty())
    return lambda *texts: answerer.answer(texts, ORIGIN, today())[1]


@pytest.mark.parametrize(
    "form",
    [
        "what is {field} of a {kind}?",
        "is {field} required in a {kind}?",
        "{kind} me {field} kya hai",
        "{kind} me {field} zaroori hai kya",
        "{hindi} में {field} क्या है?",
        "क्या {hindi} में {field} ज़रूरी है?",
    ],
)
def test_each_field_that_can_be_sent_is_explained(form, answer):
    fields = [(kind, field) for kind, field in FIELDS if "required" in form or "zaroori" in form or not field.islower()]
    asked = {form.format(kind=kind, field=field, hindi=KINDS[kind]): field for kind, field in fields}
    wrong = {text: answer(text).text[:90] for text, field in asked.items() if f"`{field}`" not in answer(text).text}
    assert wrong == {} and len(asked) > 20


@pytest.mark.parametrize(
    "form",
    [
        "what does {status} mean for a {kind}?",
        "what is a {status} {kind}?",
        "what can follow {status}, of a {kind}?",
        "{kind} {status} ka matlab kya hai",
        "{hindi} में {status} का मतलब क्या है?",
    ],
)
def test_each_status_is_explained(form, answer):
    asked = {form.format(kind=kind, status=status, hindi=KINDS[kind]): (kind, status) for kind, status in STATUSES}
    wrong = {
        text: answer(text).text[:90] for text, (_, status) in asked.items() if f"`{status}`" not in answer(text).text
    }
    assert wrong == {}


@pytest.mark.parametrize(
    "form",
    [
        "what does the error {code} mean?",
        "I get {code}, what do I do?",
        "{code} kyun aata hai",
        "{code} error kaise theek kare",
        "{code} क्यों आता है?",
    ],
)
def test_each_error_is_explained(form, answer):
    found = {code: answer(form.format(code=code)).sources[:1] for code in sorted(LIBRARY.codes)}
    assert {code: sources for code, sources in found.items() if sources != (f"errors#{code}",)} == {}


@pytest.mark.parametrize("form", ["which errors can I get when I {title}?", "what errors can {title} have?"])
def test_the_errors_of_each_operation_are_listed(form, answer):
    for operation in LIBRARY.operations.values():
        if operation.resource is not None and operation.failures:
            text = answer(form.format(title=f"{operation.title[0].lower()}{operation.title[1:]}")).text
            assert "`" in text and "I do not know" not in text, operation.id
