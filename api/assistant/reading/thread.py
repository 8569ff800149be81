"""A question in its thread: "and in Node?" or "only for Acme" keep what the questions before them asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import msgspec

from api.assistant.knowledge.thread_words import CONTINUES, REFERS, WHO_DID
from api.assistant.knowledge.vocabulary import STOP_WORDS
from api.assistant.reading.changes import CREATE, PAY, STATUS_ACTIONS
from api.assistant.reading.details import Details, find_details
from api.assistant.reading.intent import HISTORY, PAST, SEE, Intent, asks_for_past, find_intent
from api.assistant.reading.kinds import INVOICE, Kinds, named_kinds
from api.assistant.reading.persons import PERSONS
from api.assistant.reading.question import Reading, read
from api.assistant.reading.selection import Selection
from api.assistant.reading.single import asks_for_one
from api.assistant.reading.substitution import substituted, with_noun, with_subject
from api.assistant.reading.values.names import find_name
from api.assistant.reading.words import words_of

MAX_EARLIER_CHARACTERS = 500
"""The most characters that are read of each earlier question of a thread."""
_SHORT = 7
_DID = frozenset(("did", "done", "this", "that", "it", "whom", "who", "by", "changed", "update", "updated"))
_FOR = re.compile(r"\bfor\b|\bke (?:liye|lie)\b|के (?:लिए|लिये)", re.IGNORECASE)


class Question(msgspec.Struct, frozen=True):
    """A question, with what it takes over from the questions before it."""

    reading: Reading
    intent: Intent
    details: Details
    language: str | None
    """The language of the samples that the question, or the thread, names."""
    context: frozenset[str] = frozenset()
    """The words of the earlier questions that this one goes on from; empty for a question of its own."""
    is_single: bool = False
    """Whether it is about one object, and not about a list."""
    before: Question | None = None
    """The question before it in the thread; None for a question of its own."""
    adds: bool = True
    """Whether it names something that goes into the request of the thread: a language, a name, a status, a day."""

    names: bool = False
    """Whether a follow-up question names details of its own, such as an amount, a status or an order."""

    @property
    def is_follow_up(self) -> bool:
        return bool(self.context)

    @property
    def terms(self) -> frozenset[str]:
        return self.reading.terms


def read_thread(texts: Sequence[str], today: date, kinds: Kinds) -> Question:
    """Read the last question, and the ones before it as far as it goes on from them."""
    question: Question | None = None
    for place, text in enumerate(texts, 1):
        reading = read(text if place == len(texts) else text[:MAX_EARLIER_CHARACTERS], kinds)
        question = _next(question, reading, today)
    assert question is not None, "a thread has at least one question"
    return question


def _next(before: Question | None, reading: Reading, today: date) -> Question:
    whole = None if before is None else _whole(before, reading)
    if whole is not None:
        return _alone(whole, today)
    intent = named = find_intent(reading)
    if before is not None and reading.error is None and _continues(reading, intent):
        intent = _merge(before.intent, intent, reading)
        is_money = before.intent.action in (CREATE, PAY) and before.details.amount is not None
        is_money = is_money or before.details.discount is not None
        own = details = find_details(reading, intent.kind, today, is_money=is_money)
        if _is_same_request(before.intent, intent):
            details = _fitting(details.over(before.details, reading.plain), intent.kind, reading.kinds)
        elif before.intent.kind == intent.kind:
            details = msgspec.structs.replace(details, ids={**before.details.ids, **details.ids})
        return Question(
            reading,
            _concluded(intent, details, reading),
            details,
            reading.language or before.language,
            _context(before, reading),
            before=before,
            is_single=asks_for_one(reading, intent.kind, own) or (before.is_single and not _selects(own, reading)),
            names=_names(own, intent),
            adds=bool(
                _names(own, intent)
                or reading.language
                or _names_kind(reading)
                or _changes(named)
                or "version" in reading.terms
            ),
        )
    return _alone(reading, today)


def _alone(reading: Reading, today: date) -> Question:
    intent = find_intent(reading)
    details = find_details(reading, intent.kind, today)
    is_single = asks_for_one(reading, intent.kind, details)
    return Question(reading, _concluded(intent, details, reading), details, reading.language, is_single=is_single)


def _whole(before: Question, reading: Reading) -> Reading | None:
    """Return the question before with the thing that this one names instead; None if this one says anything else."""
    if before.is_follow_up or before.reading.error is not None or reading.error is not None:
        return None
    earlier = before.reading
    text = with_noun(earlier.plain, reading.plain) or with_subject(earlier.words, reading.plain)
    text = text or substituted(earlier.plain, earlier.words, reading.words, reading.kinds)
    return None if text is None else read(text, reading.kinds)._replace(had_key=reading.had_key)


def _names(details: Details, intent: Intent) -> bool:
    """Return whether the question names anything that goes into the request of the thread."""
    selection = msgspec.structs.replace(details.selection, adds=False)
    if intent.action not in (SEE, None):
        selection = Selection()
    return msgspec.structs.replace(details, selection=selection) != Details()


def _selects(details: Details, reading: Reading) -> bool:
    return (
        "all" in reading.terms
        or any(word.key == "list" for word in reading.words)
        or bool(details.selection.statuses or details.name or details.days or details.selection.is_overdue)
    )


def _continues(reading: Reading, intent: Intent) -> bool:
    """Return whether a question lacks what would make it one of its own."""
    is_whole = intent.kind is not None and intent.is_explicit and _names_kind(reading)
    if REFERS.search(reading.plain):
        return True
    if CONTINUES.search(reading.plain):
        return not (is_whole and len(reading.words) > _SHORT)
    return not is_whole and len(reading.words) <= 2 * _SHORT


def _context(before: Question, reading: Reading) -> frozenset[str]:
    """Return the words of the thread before, without the kinds of objects if the question names another one."""
    context = before.terms | before.context | _words_of_error(before.reading)
    return context - reading.kinds.statuses.keys() if named_kinds(reading) else context


def _words_of_error(reading: Reading) -> frozenset[str]:
    """Return the words of the error that a question quotes: what its message names, a later question means by "it"."""
    if reading.error is None:
        return frozenset()
    details = " ".join(f"{field} {message}" for field, message in reading.error.details)
    words = words_of(f"{reading.error.code.replace('_', ' ')} {reading.error.message} {details}".replace(".", " "))
    return frozenset(term for word in words for term in (word.key, word.meaning))


def _changes(intent: Intent) -> bool:
    return intent.is_explicit and intent.action not in (SEE, None)


def _names_kind(reading: Reading) -> bool:
    """Return whether the question names a kind of object, or an object by its id."""
    by_id = any(f"{prefix}_" in reading.plain for prefix in reading.kinds.prefixes.values())
    return by_id or bool(named_kinds(reading))


def _merge(before: Intent, new: Intent, reading: Reading) -> Intent:
    is_new = _names_kind(reading) or bool(reading.terms & {"client", "vendor", "employee", "payment"})
    kind = new.kind if _names_kind(reading) or (before.kind is None and is_new) else before.kind
    pays = "payment" in reading.terms
    if not _names_kind(reading) and new.kind == "leave" and reading.terms & {"employee", "half"} and not pays:
        kind = new.kind
    if new.kind in PERSONS and before.kind not in (None, *PERSONS) and find_name(reading.words) is not None:
        kind = before.kind  # "for employee dev-8": whose leaves, and not the employee
    action = _action(before, new, reading)
    if kind == "leave" and action == "void":
        action = "cancel"
    if kind != "leave" and action in ("cancel", "deny"):
        action = "void"
    return Intent(action, kind, new.is_explicit or before.is_explicit)


def _action(before: Intent, new: Intent, reading: Reading) -> str | None:
    action = new.action if new.is_explicit and new.action is not None else before.action
    if action == SEE and before.action not in (SEE, None) and new.is_explicit and not _shows(reading):
        action = before.action
    is_about_before = "scope" in reading.terms or (
        reading.language is not None and not _names_kind(reading) and not _shows_which(reading)
    )
    if action in (SEE, CREATE) and before.action is not None and is_about_before:
        action = before.action
    if reading.terms & {"only", "ones"} and before.action in (SEE, None) and new.action in STATUS_ACTIONS:
        action = SEE
    if before.kind is not None and asks_for_past(reading):
        return PAST
    if before.kind is not None and _asks_who_did(reading):
        return HISTORY
    if before.action == PAST and "version" in reading.terms:
        action = PAST
    return action


def _asks_who_did(reading: Reading) -> bool:
    """Return whether the question only asks who did what the question before is about: "by whom?"."""
    others = {word.key for word in reading.words if word.meaning not in STOP_WORDS} - STOP_WORDS
    return WHO_DID.search(reading.plain) is not None and not others - _DID


def _shows(reading: Reading) -> bool:
    return bool(
        {word.key for word in reading.words} & {"show", "list", "see", "view", "which", "display", "find", "fetch"}
    )


def _shows_which(reading: Reading) -> bool:
    return bool(reading.terms & {"which", "list", "find"})


def _is_same_request(before: Intent, new: Intent) -> bool:
    reads = {SEE, None}
    return before.action == new.action or (before.action in reads and new.action in reads)


def _fitting(details: Details, kind: str | None, kinds: Kinds) -> Details:
    """Leave out the statuses that objects of this kind cannot have."""
    if kind is None:
        return details
    statuses = tuple(each for each in details.selection.statuses if each in kinds.statuses[kind])
    other = {"bill": ("sent", "open"), "invoice": ("open", "sent")}.get(kind)
    if other and other[0] in details.selection.statuses:
        statuses = tuple(dict.fromkeys((other[1], *statuses)))
    selection = msgspec.structs.replace(details.selection, statuses=statuses)
    return msgspec.structs.replace(details, selection=selection)


def _is_for_somebody(details: Details, reading: Reading) -> bool:
    """Return whether the question says for whom a leave of some days is, as in "3 days of sick leave for dev-8"."""
    named = details.name is not None and details.leave_type is not None and _FOR.search(reading.plain) is not None
    return named and reading.terms.isdisjoint(("see", "which", "who", "list", "find", "all", "many"))


def _concluded(intent: Intent, details: Details, reading: Reading) -> Intent:
    """Conclude the action that the question has no word for from what it names. In doubt, it reads."""
    if intent.action is not None:
        return intent
    if intent.kind is not None and details.selection.sort is not None:
        return Intent(SEE, intent.kind, True)
    if intent.kind == "leave" and details.days and (details.has_half or _is_for_somebody(details, reading)):
        return Intent(CREATE, "leave", False)
    if intent.kind == INVOICE and details.item is not None and details.name is not None:
        return Intent(CREATE, INVOICE, False)
    if intent.kind is not None and details.amount is not None and details.kind_of_payment is not None:
        return Intent(PAY, intent.kind, False)
    return intent
