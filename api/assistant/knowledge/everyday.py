"""Canned answers to everyday questions whose words do not occur in the guides, so the search cannot answer them."""

from __future__ import annotations

from collections.abc import Iterable, Set

from api.assistant.knowledge.canned import CannedAnswer, canned_answer

_PAYMENTS = "payment payments paid paisa money cheque"
_MISTAKE = "mistake mistakenly accidentally accident"
_BILL = "bill bills vendor supplier"
_TAKE_BACK = (
    "A payment that was entered by mistake is not changed: take it back with a **reversal** and its `reason`, and "
    "record the right one. The payment stays in the list and no longer counts; the balance and the status follow."
)
_WITHHELD = "tds withheld withholding deducted"
_SETTLE = (
    "add adding apply balance close closed create enter entering entry how mark post put record recording reduce set "
    "settle settled show zero"
)
_TDS = (
    "Tax that was withheld is recorded **as a payment of the kind** `tds`: the balance goes down by its amount, and "
    "when nothing is due the status becomes `paid`. Record the money that came as another payment."
)
_NUMBER = "number numbers inv"
_LETTERS = (
    "capital capitals case clash clashes equal identical insensitive lower lowercase same sensitive upper uppercase"
)

_EVERYDAY = (
    canned_answer(
        f"{_MISTAKE} reverse reversed | {_PAYMENTS} | {_BILL}",
        _TAKE_BACK,
        "reverseBillPayment payments#take-a-payment-back", has_sample=True,
    ),
    canned_answer(
        f"{_MISTAKE} reverse reversed | {_PAYMENTS}",
        _TAKE_BACK,
        "reverseInvoicePayment reverseBillPayment payments#take-a-payment-back", has_sample=True,
        excluded="why",
    ),
    canned_answer(
        f"{_WITHHELD} | {_SETTLE} | {_BILL}",
        _TDS,
        "recordBillPayment payments#tax-that-the-client-withheld", has_sample=True, excluded="reverse mistake",
    ),
    canned_answer(
        f"{_WITHHELD} | {_SETTLE}",
        _TDS,
        "recordInvoicePayment recordBillPayment payments#tax-that-the-client-withheld", has_sample=True,
        excluded="reverse mistake",
    ),
    canned_answer(
        "add change edit extend increase later longer modify move postpone prolong renew set shorten update | "
        "expire expired expires expiration expiry lifetime validity | api key keys token tokens secret",
        "The day on which a key expires is decided **when it is made**, and does not change later: an owner or admin "
        "makes a new key with another day at `/login`, under Settings → Developer, and revokes the old one.",
        "authentication#making-rotating-and-revoking-keys authentication errors#api_key_expired",
        excluded="idempotency",
    ),
    canned_answer(
        "null nulls | patch update updating change changing clear clearing empty field fields mean means send absent "
        "missing omit omitted",
        "In a PATCH, `null` **clears** a field that can be empty, sets a field with a default to that default, and is "
        "refused for a field that must have a value. A field that is left out stays as it is. In a POST, `null` is as "
        "if the field were left out.",
        "errors#validation_failed updateInvoice updateBill updateLeave",
        excluded="metadata nextcursor nexturl cursor page",
    ),
    canned_answer(
        f"{_LETTERS} | {_NUMBER}",
        "Numbers are compared **as a person reads them**: upper and lower case, full-width and invisible characters, "
        "and the width of blanks make no difference, so `inv-7` is `INV-7`. The answer to the second one is 409 "
        "`duplicate_number`; its `conflictingId` names the first.",
        "errors#duplicate_number createInvoice createBill",
        excluded="requests request calls series limit next credits",
    ),
)  # fmt: skip
_CHANGED = canned_answer(
    "who whom | change changed changes changing edited modified touched update updated | "
    "account activity anything data entries entry everything history log organization record records something things",
    "The log names for each change **who did it**: the `actor` of an event is an API key or a user. In the console, "
    "Activity shows the same.",
    "listEvents events#the-log", has_sample=True,
    excluded="bill bills can could endpoint invoice invoices leave leaves may",
)  # fmt: skip


def find_everyday(words: Set[str], unknown: Iterable[str]) -> CannedAnswer | None:
    """Return the canned answer to an everyday question with these words; None if there is none.

    `unknown` are the words of the question that occur nowhere in the documentation.
    """
    return next((each for each in (*_EVERYDAY, _CHANGED) if each.matches(words, unknown)), None)
