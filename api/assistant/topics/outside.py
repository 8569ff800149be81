"""Declines questions about something else: other products, law, the world, programming, and what the API has not got."""

from __future__ import annotations

import re
from itertools import pairwise

from api.assistant.knowledge.languages.english_words import FIELDS
from api.assistant.knowledge.outside_words import (
    ANCHORS,
    CODE_ANCHORS,
    FOREIGN,
    LIMITS,
    MISSING,
    OURS,
    OWN_SUBJECTS,
    SUBJECTS,
    WEAK_ANCHORS,
)
from api.assistant.knowledge.product_words import CONNECTED, MESSENGERS, find_named_product, find_product
from api.assistant.reading.changes import CREATE, PAY, REVERSE, UPDATE
from api.assistant.reading.thread import Question
from api.assistant.reading.words import Word
from api.assistant.topics.access.credits import OWN_LIMIT
from api.assistant.topics.topic import Topic

_OBJECTS = frozenset(("invoice", "bill", "leave"))
_ASKS_LIMIT = frozenset(("limit", "many", "maximum", "often", "number", "day"))
_BEFORE_A_NAME = frozenset(("the", "of", "on", "for", "with"))
_BRINGS = r"\b(?:from|into|to|via|through|using|with|by|for|of)\s+(?:a |an |my |our )?{0}\b|\b{0}\s+(?:se|ka|ki|ke|से|का|की|के)(?!\w)"
_EXPOSES = frozenset(
    ("leak", "mistake", "upload", "commit", "push", "paste", "public", "publish", "import", "lose", "revoke")
)
"""Words with which a question about a key says that another product has it now."""
_WRITES = frozenset((CREATE, UPDATE, PAY, REVERSE))
_FIELDS = frozenset((*FIELDS.split(), "taxrate", "hsnsac", "unitprice"))
_WHO_DECIDES = re.compile(
    r"\bwho (?:decides|calculates|sets|chooses)\b|\bkaun (?:\w+ )?(?:decide|calculate)", re.IGNORECASE
)
"""Matches a question about what the service does, and what its users do."""
_FAILURE = re.compile(r"\b(?:4\d\d|50\d)\b")
_ENOUGH = 2.5
"""A topic with this score or more is about the service, whatever else a question contains."""


def find_outside(question: Question, unknown: int, score: float, *, is_like: bool) -> Topic | None:
    """Return the answer to a question about something else than the API; None for a question about the API.

    `unknown` is how many words of the question occur nowhere in the documentation, `score` that of the best topic,
    `is_like` whether the question is like an example of a topic.
    """
    if question.reading.error is not None:
        return None
    is_here = _asks_for_change(question) or _names_field(question) or _WHO_DECIDES.search(question.reading.plain)
    if (subject := _subject(question)) is not None and not is_here:
        return _declining(f": the API does not deal with {subject}")
    is_exposed = "key" in question.terms and not _EXPOSES.isdisjoint(question.terms)
    if not is_exposed and (product := _product(question)) is not None:
        return product
    if _asks_limits_of_unknown(question):
        return _limits_of("other products")
    return _missing(question) or (None if is_like else _foreign(question, unknown, score))


def _foreign(question: Question, unknown: int, score: float) -> Topic | None:
    """Decline a question that has a word of another subject and none of the API."""
    anchors = question.terms | (question.context if question.is_follow_up else frozenset())
    is_foreign = unknown > question.is_follow_up or not FOREIGN.isdisjoint(question.terms)
    is_code = question.reading.language is not None and OURS.search(question.reading.plain.lower()) is None
    if is_code and not question.is_follow_up and CODE_ANCHORS.isdisjoint(question.terms) and not question.details.ids:
        return _declining(": the API does not deal with programming in general")
    ours = ANCHORS - WEAK_ANCHORS if not FOREIGN.isdisjoint(question.terms) else ANCHORS
    has_anchor = not ours.isdisjoint(anchors) or bool(question.details.ids) or _names_field(question)
    intent = question.intent
    has_anchor = has_anchor or (intent.is_explicit and intent.kind is not None and intent.action in _WRITES)
    has_anchor = has_anchor or _FAILURE.search(question.reading.plain) is not None
    is_ours = score >= _ENOUGH + 0.75 * unknown
    return _declining("") if is_foreign and not has_anchor and not is_ours else None


def _asks_for_change(question: Question) -> bool:
    """Return whether the question asks to write something down here, such as an invoice with 5 percent GST."""
    intent, details = question.intent, question.details
    named = (details.item, details.amount, details.name if intent.action != PAY else None, details.number, details.ids)
    asks_whether = "can" in question.terms and intent.kind in ("invoice", "bill")
    return intent.is_explicit and intent.kind is not None and intent.action in _WRITES and (any(named) or asks_whether)


def _names_field(question: Question) -> bool:
    """Return whether the question has the name of a field as the API writes it, such as `taxRate`."""
    words, text = question.reading.words, question.reading.plain.lower()
    return any(word.key in _FIELDS and word.text.isascii() and word.text.lower() in text for word in words)


def _subject(question: Question) -> str | None:
    """Return the subject outside of the API that the question is about; None if there is none."""
    has_own = not OWN_SUBJECTS.isdisjoint(question.terms)
    matches = (subject for subject in SUBJECTS if subject.pattern.search(question.reading.plain))
    return next((subject.name for subject in matches if subject.is_certain or not has_own), None)


def _product(question: Question) -> Topic | None:
    """Return the answer to a question about another product alone."""
    text, terms = question.reading.plain.lower(), question.terms
    meanings = (word.meaning for word in question.reading.words)
    words = " ".join((*re.findall(r"[a-z0-9]+", text), *(word.key for word in question.reading.words), *meanings))
    name = find_product(words)
    name = "Make" if name == "Integromat" else name
    has_objects = not _OBJECTS.isdisjoint(terms)
    if name is None:
        other = find_named_product(words)
        asks_limit = not terms.isdisjoint({"limit", "maximum"}) and not has_objects and "payment" not in terms
        return _declining(f": the limits of {other} are not ours") if other is not None and asks_limit else None
    if has_objects and (name in MESSENGERS or _is_party(name, question)):
        return None
    is_ours = OURS.search(text) is not None
    asks_limits = not terms.isdisjoint(LIMITS) and not (name in CONNECTED and "credit" in terms)
    if asks_limits and not (has_objects or is_ours or terms & {"poll", "connect"}):
        return _limits_of(name)
    brings_in = re.search(_BRINGS.format(re.escape(name.lower())), text) is not None
    if name not in CONNECTED and has_objects and not (brings_in or is_ours or terms & {"connect", "sync"}):
        return _declining(f": the settings of {name} are not ours")
    connects = is_ours or (terms & {"connect", "sync"} and not terms & {"bank", "account"})
    if name in CONNECTED or has_objects or "payment" in terms or connects:
        return None
    return _declining(f": the settings of {name} are not ours")


def _is_party(name: str, question: Question) -> bool:
    """Return whether the product is the client or the vendor that the question names."""
    party = question.details.name
    return party is not None and name.lower() in party.text.lower()


def _asks_limits_of_unknown(question: Question) -> bool:
    """Return whether a question about limits names something that the assistant does not know."""
    terms = question.terms
    if terms.isdisjoint(_ASKS_LIMIT) or terms.isdisjoint({"api", "request", "limit"}):
        return False
    if OURS.search(question.reading.plain.lower()) or terms & {*_OBJECTS, "key", "idempotency"}:
        return False
    return any(
        (_is_name(first) and second.key == "api") or (_is_name(second) and first.key in _BEFORE_A_NAME)
        for first, second in pairwise(question.reading.words)
    )


def _is_name(word: Word) -> bool:
    return not word.is_known and len(word.key) > 3 and word.key.isalpha()


def _missing(question: Question) -> Topic | None:
    found = (name for name, pattern in MISSING if pattern.search(question.reading.plain))
    name = next(found, None)
    if name is None:
        return None
    text = f"There is no such function here: SmartDhandha has no {name}. It keeps invoices, vendor bills and leave requests."
    return Topic((), text)


def _declining(about: str) -> Topic:
    return Topic((), f"I do not know that{about}.")


def _limits_of(name: str) -> Topic:
    return Topic(
        (),
        f"The limits of {name} are **not ours**: look into the documentation of {name}. The SmartDhandha API has its own limit, "
        f"whichever product sends the requests: {OWN_LIMIT} for a key, unless it has another limit.",
        ("credits",),
    )
