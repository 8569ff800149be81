"""The request about a webhook that a question asks for by the webhook's id, by an address, or by a type of event."""

from __future__ import annotations

import re

from api.assistant.answers.requests import asks_to_see
from api.assistant.answers.strength import asks_for_a_fact
from api.assistant.knowledge.intent_words import SHOWS
from api.assistant.reading.thread import Question

_ADDRESS = re.compile(r"https?://(?!127\.|localhost)", re.IGNORECASE)
_CHANGES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset(("test", "sandbox", "trial", "sample", "ping", "dummy")), "testWebhook"),
    (frozenset(("rotate", "secret")), "rotateWebhook"),
    (frozenset(("replay", "past", "missed", "backfill")), "replayWebhook"),
    (frozenset(("delete", "unsubscribe", "end")), "deleteWebhook"),
    (
        frozenset(("pause", "stop", "resume", "active", "activate", "enable", "revoke", "update", "continue")),
        "updateWebhook",
    ),
    (
        frozenset(("create", "add", "set", "register", "subscribe", "apply", "send", "post", "connect", "want")),
        "createWebhook",
    ),
)
"""By operation: the words for it, the surest first."""


def webhook_operation(question: Question) -> str | None:
    """Return the id of the operation; None if the question asks for no request about a webhook, or only for a fact."""
    terms = question.terms
    by_id, by_address = "whk" in question.details.ids, _ADDRESS.search(question.reading.text) is not None
    by_event = bool(terms & {"paid", "sent", "approved", "overdue", "draft"}) and not asks_for_a_fact(question)
    if not (by_id or ("webhook" in terms and (by_address or by_event))) or question.reading.error is not None:
        return None
    if asks_to_see(question) or not SHOWS.isdisjoint({word.key for word in question.reading.words}):
        if terms & {"delivery", "attempt", "attempts", "sent", "error", "deliveries"}:
            return "listWebhookDeliveries"
        return "getWebhook" if by_id else "listWebhooks"
    found = next((id for words, id in _CHANGES if words & terms), None)
    if found in (None, "updateWebhook") and not by_id:
        return "createWebhook" if "how" in terms or by_address or terms & _CHANGES[-1][0] else None
    return found or "getWebhook"
