"""Canned answers: fixed texts about features that the service does not have, and about who changed an object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

import msgspec

from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.knowledge.vocabulary import SYNONYMS
from api.operation import OperationKind
from domain.api_key import DEFAULT_CREDIT_LIMIT
from domain.window import CREDIT_WINDOW

CREDIT_LIMIT = f"{DEFAULT_CREDIT_LIMIT:,}".replace(",", "\u00a0")
_DELETE = "delete deletes deleted deleting deletion remove erase"
_DONE = (
    "approved approve denied rejected cancelled canceled decided created made sent voided changed edited paid opened"
)


class CannedAnswer(msgspec.Struct, frozen=True):
    """A fixed answer to all questions with certain words."""

    groups: tuple[frozenset[str], ...]
    """Groups of words. The question must contain at least one word of each group."""
    excluded: frozenset[str]
    """Words that the question must not contain."""
    text: str
    """The answer, in Markdown."""
    sources: tuple[str, ...]
    """The ids of the operations and sections of guides to which the answer links, the best first."""
    has_sample: bool
    """Whether the answer shows a sample of the first operation."""

    def matches(self, words: Set[str], unknown: Iterable[str]) -> bool:
        """Return whether this is the answer to a question with these words.

        `unknown` are the words of the question that occur nowhere in the documentation.
        """
        if any(group.isdisjoint(words) for group in self.groups) or not self.excluded.isdisjoint(words):
            return False
        return _HARMLESS.union(*self.groups).issuperset(unknown)


def find_canned(
    words: Set[str], unknown: Iterable[str], operations: Iterable[DocumentedOperation] = ()
) -> CannedAnswer | None:
    """Return the canned answer to a question with these words; None if there is none."""
    candidates = (*_CANNED, *_histories(operations))
    return next((each for each in candidates if each.matches(words, unknown)), None)


def _histories(operations: Iterable[DocumentedOperation]) -> Iterator[CannedAnswer]:
    """Yield an answer to the question who changed an object, for each kind of object with a history.

    Answers for the names of the kinds come before answers for synonyms, because a synonym of one kind may be the name
    of another kind.
    """
    histories = [each for each in operations if each.kind is OperationKind.OBJECT_EVENTS]
    for operation in histories:
        yield _history(operation, (_noun_of(operation), operation.tag.lower()))
    for operation in histories:
        noun = _noun_of(operation)
        yield _history(operation, (word for word, synonyms in SYNONYMS.items() if synonyms == noun))


def _history(operation: DocumentedOperation, nouns: Iterable[str]) -> CannedAnswer:
    noun = _noun_of(operation)
    return canned_answer(
        f"who whom | {_DONE} | {' '.join(nouns)}",
        f"The history of the {noun} shows who did it: each event names its `actor`, an API key or a user.",
        f"{operation.id} events#one-objects-history",
        has_sample=True,
    )


def _noun_of(operation: DocumentedOperation) -> str:
    return operation.resource.aggregate.noun if operation.resource is not None else operation.tag.lower()


def canned_answer(words: str, text: str, sources: str, *, excluded: str = "", has_sample: bool = False) -> CannedAnswer:
    """Return a canned answer. Bars separate the groups in `words`; blanks separate words and ids of sources."""
    groups = tuple(frozenset(group.split()) for group in words.split("|"))
    return CannedAnswer(groups, frozenset(excluded.split()), text, tuple(sources.split()), has_sample)


_HARMLESS = frozenset(("download", "print", "support", "supported", "attach", "export", "java", "php", "ruby", "go"))
"""Unknown words that a question may contain, because they do not change its subject."""
_UNDO = "refund refunds refunded chargeback reverse reversed undo revert bounced bounce"
_REVERSAL = (
    "Take it back with a **reversal** and its `reason`: the payment stays in the list and no longer counts, and the "
    "balance and the status follow. Nothing is deleted, and the API moves no money: send a refund from your bank."
)
_KEYS = "authentication#making-rotating-and-revoking-keys"
_CANNED = (
    canned_answer(
        f"{_DELETE} | key keys token secret",
        "A key is not deleted but **revoked**: it stops working at once, and its history stays. Owners and "
        "admins do this at `/login`, under Settings → Developer.",
        f"{_KEYS} authentication",
    ),
    canned_answer(
        f"{_UNDO} {_DELETE} | payment payments paid refund refunds refunded cheque | bill bills vendor supplier",
        _REVERSAL,
        "reverseBillPayment payments#take-a-payment-back", has_sample=True,
    ),
    canned_answer(
        f"{_UNDO} {_DELETE} | payment payments paid refund refunds refunded cheque",
        _REVERSAL,
        "reverseInvoicePayment reverseBillPayment payments#take-a-payment-back", has_sample=True,
    ),
    canned_answer(
        f"{_DELETE} | leave leaves vacation holiday",
        "Leave requests are **not deleted**: cancel them. An approved leave can be cancelled until the day "
        "before it begins. It can be cut short even after that.",
        "updateLeave leaves#cut-an-approved-leave-short", has_sample=True,
    ),
    canned_answer(
        f"{_DELETE} | bill bills",
        "Bills are **not deleted**: void them, while they are draft or open and nothing is paid; reverse "
        "payments first. A void bill gives its number back, so that the right one can be entered.",
        "updateBill", has_sample=True,
    ),
    canned_answer(
        f"{_DELETE} | invoice invoices draft drafts",
        "Invoices are **not deleted**: void them, while they are draft or sent and nothing is paid; reverse "
        "payments first. A void invoice keeps its number.",
        "updateInvoice", has_sample=True,
    ),
    canned_answer(
        _DELETE,
        "**Nothing is deleted** here, since the log keeps every change: void an invoice or a bill, cancel a "
        "leave request, revoke a key.",
        f"updateInvoice updateBill updateLeave {_KEYS}",
    ),
    canned_answer(
        "email emails mail mails emailed mailed whatsapp sms",
        "The API **sends no e-mail** or other message. `sent` is a status: it records that you have sent the "
        "invoice yourself. Let your tool mail it in the same step.",
        "updateInvoice zapier#send-it-in-the-same-zap quickstart#3-send-it", has_sample=True,
    ),
    canned_answer(
        "webhook webhooks callback callbacks",
        "There are **no webhooks**: poll `GET /events` and continue from the last position. One poll an hour is "
        f"{CREDIT_WINDOW.days * 24} of the {CREDIT_LIMIT} credits.",
        "events#polling-the-log listEvents credits#the-arithmetic-of-polling",
        excluded="zapier make n8n zap", has_sample=True,
    ),
    canned_answer(
        "password passwords",
        "The API **has no passwords**: programs use keys. People log in to the console at `/login`; if yours "
        "is lost, ask the operator of the service for a new one-time link (`smartdhandha user link`).",
        f"authentication {_KEYS}",
    ),
    canned_answer(
        "pdf pdfs print printable",
        "The API **makes no PDF**: it returns the invoice as JSON, with items and totals. Fill a template "
        "of your own with it.",
        "getInvoice", has_sample=True,
    ),
    canned_answer(
        "csv excel xlsx xls",
        "There is **no CSV or Excel export**: lists are JSON, up to 100 entries a page. Follow `nextUrl` and "
        "write the rows yourself.",
        "lists#pages listInvoices python#lists", has_sample=True,
    ),
    canned_answer(
        "sdk sdks",
        "There is **no SDK** to install: a client can be generated from the OpenAPI document, and the Python "
        "guide has one small class that is enough.",
        "python#a-generated-client getOpenApi python",
    ),
    canned_answer(
        "raise increase higher upgrade extend bump lift | limit limits quota credit credits rate ratelimit",
        "A key's limit is set **when it is made**: an owner or admin of the organization makes a key with a "
        "higher limit at `/login`, under Settings → Developer.",
        f"credits#when-it-is-used-up credits {_KEYS}",
    ),
    canned_answer(
        "price prices pricing subscription plan plans fees",
        "The documentation **names no prices**. What the API counts is credits: one for each request, "
        f"{CREDIT_LIMIT} in any {CREDIT_WINDOW.days} days unless the key was made with another limit.",
        "credits#what-costs-a-credit credits", excluded="unit item items line quantity invoice bill field",
    ),
)  # fmt: skip
