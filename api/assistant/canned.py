"""Questions whose honest answer is a sentence: what there is not, and what to do instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set

import msgspec

_WORD = re.compile(r"[a-z0-9]+")
_DELETE = "delete deletes deleted deleting deletion remove erase"
_DONE = (
    "approved approve denied rejected cancelled canceled decided created made sent voided changed edited paid opened"
)


class CannedAnswer(msgspec.Struct, frozen=True):
    """An answer that stands ready for questions with certain words."""

    groups: tuple[frozenset[str], ...]
    """Of each group one word must be there,"""
    never: frozenset[str]
    """and none of these."""
    says: str
    """Markdown."""
    see: tuple[str, ...]
    """The operations and sections that go with it, the best first."""
    shows: bool
    """Whether a sample of the first operation goes with it."""

    def fits(self, words: Set[str], strange: Iterable[str]) -> bool:
        """Whether it answers a question of these words; `strange` are those that the documentation never uses."""
        if any(group.isdisjoint(words) for group in self.groups) or not self.never.isdisjoint(words):
            return False
        return _HARMLESS.union(*self.groups).issuperset(strange)


def canned_answer_for(text: str, strange: Iterable[str]) -> CannedAnswer | None:
    """The ready answer to this question, if there is one."""
    words = frozenset(_WORD.findall(text.lower()))
    return next((each for each in _READY if each.fits(words, strange)), None)


def _of(asked: str, says: str, see: str, *, never: str = "", shows: bool = False) -> CannedAnswer:
    """Groups of words are apart by bars."""
    groups = tuple(frozenset(group.split()) for group in asked.split("|"))
    return CannedAnswer(groups, frozenset(never.split()), says, tuple(see.split()), shows)


_HARMLESS = frozenset(("download", "print", "support", "supported", "attach", "export", "java", "php", "ruby", "go"))
"""Words that turn none of these questions into one about something else."""
_KEYS = "authentication#making-rotating-and-revoking-keys"
_READY = (
    _of(
        f"{_DELETE} | key keys token secret",
        "A key is not deleted but **revoked**: it stops at once, and its history stays. Owners and admins do "
        "it at `/login`, under Settings → Developer.",
        f"{_KEYS} authentication",
    ),
    _of(
        f"refund refunds refunded chargeback reverse undo {_DELETE} | payment payments refund refunds refunded",
        "There are **no refunds**: a payment that was recorded cannot be taken back, changed or deleted, and "
        "the API moves no money. Note a refund in the `notes` of the invoice or bill, which can always be "
        "changed.",
        "updateInvoice updateBill recordInvoicePayment",
    ),
    _of(
        f"{_DELETE} | leave leaves vacation holiday chutti",
        "Leave requests are **not deleted**: cancel them. An approved leave can be cancelled until the day "
        "before it begins.",
        "updateLeave", shows=True,
    ),
    _of(
        f"{_DELETE} | bill bills",
        "Bills are **not deleted**: void them, while they are draft or open and nothing is paid. A void bill "
        "keeps its number.",
        "updateBill", shows=True,
    ),
    _of(
        f"{_DELETE} | invoice invoices draft drafts",
        "Invoices are **not deleted**: void them, while they are draft or sent and nothing is paid. A void "
        "invoice keeps its number.",
        "updateInvoice", shows=True,
    ),
    _of(
        _DELETE,
        "**Nothing is deleted** here, since the log keeps every change: void an invoice or a bill, cancel a "
        "leave request, revoke a key.",
        f"updateInvoice updateBill updateLeave {_KEYS}",
    ),
    _of(
        "email emails mail mails emailed mailed whatsapp sms",
        "The API **sends no e-mail** or other message. `sent` is a status: it records that you have sent the "
        "invoice, by whatever means. Let your tool mail it in the same step.",
        "updateInvoice zapier#send-it-in-the-same-zap quickstart#3-send-it", shows=True,
    ),
    _of(
        "webhook webhooks callback callbacks",
        "There are **no webhooks**: poll `GET /events` and go on from the last position. One poll an hour is "
        "720 of the 1\u00a0000 credits.",
        "events#polling-the-log listEvents credits#the-arithmetic-of-polling",
        never="zapier make n8n zap", shows=True,
    ),
    _of(
        "password passwords",
        "The API **has no passwords**: programs use keys. People log in to the console at `/login`; if yours "
        "is lost, ask whoever runs the service for a new one-time link (`smartdhandha user link`).",
        f"authentication {_KEYS}",
    ),
    _of(
        "pdf pdfs print printable",
        "The API **makes no PDF**: it answers with the invoice as JSON, items and totals included, for a "
        "template of your own.",
        "getInvoice", shows=True,
    ),
    _of(
        "csv excel xlsx xls",
        "There is **no CSV or Excel export**: lists are JSON, up to 100 entries a page. Follow `nextUrl` and "
        "write the rows yourself.",
        "lists#pages listInvoices python#lists", shows=True,
    ),
    _of(
        "sdk sdks",
        "There is **no SDK** to install: a client can be generated from the OpenAPI document, and the Python "
        "guide has one small class that is enough.",
        "python#a-generated-client getOpenApi python",
    ),
    _of(
        "raise increase higher upgrade extend bump lift | limit limits quota credit credits rate ratelimit",
        "A key's limit is set **when it is made**: an owner or admin of the organization makes a key with a "
        "higher one at `/login`, under Settings → Developer.",
        f"credits#when-it-is-used-up credits {_KEYS}",
    ),
    _of(
        "price prices pricing subscription plan plans fees",
        "The documentation **names no prices**. What the API counts is credits: one a request, 1\u00a0000 in "
        "any 30 days unless the key was made with another limit.",
        "credits#what-costs-a-credit credits", never="unit item items line quantity invoice bill field",
    ),
    *(
        _of(
            f"who whom | {_DONE} | {words}",
            f"The history of the {kind} says who did it: each of its events names its `actor`, a key or a user.",
            f"list{kind.capitalize()}Events events#one-objects-history", shows=True,
        )
        for kind, words in (("leave", "leave leaves vacation"), ("bill", "bill bills"), ("invoice", "invoice invoices"))
    ),
)  # fmt: skip
