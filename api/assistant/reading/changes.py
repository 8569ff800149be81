"""The change that a question has a word for, and whether it asks to see all the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from api.assistant.knowledge.intent_words import (
    CHANGES,
    CREATES,
    DOES,
    DONE,
    DRAFT_VERB,
    HOW_TO,
    MARK,
    MARKED,
    NOT_OBJECTS,
    OFF,
    OPEN_VERB,
    PARTICIPLES,
    REQUESTS,
    SEES,
    SHOWS,
    THEY_PAID,
    THOSE,
)
from api.assistant.knowledge.vocabulary import LANGUAGES
from api.assistant.reading.kinds import BILL, LEAVE, NOTES
from api.assistant.reading.persons import PERSONS
from api.assistant.reading.question import Reading
from api.assistant.reading.values.amounts import find_amount
from api.assistant.reading.values.payments import find_method, find_reference
from api.assistant.reading.words import Word

_MOVES = re.compile(
    r"leave_\w+.*\b(?:to (?:end|start|begin|finish)|should (?:end|start|begin)|until|instead)\b.*\d"
    r"|\b(?:start|begin|end)s? .*\binstead\b"
)
"""Matches a leave that is to begin or end on another day."""
_SHOWS_CODE = re.compile(
    r"\b(?:curl|code|snippet|example|sample|script|request)\b(?: \w+)? (?:that|which) "
    r"(?!shows?|lists?|reads?|gets?|finds?|fetch)"
)
"""Matches a question for code that does something: "show me a curl that drafts an invoice"."""
_TAKES_REFUND_BACK = re.compile(
    r"\b(?:reverse|undo|delete|remove|cancel|correct|take back)(?: (?:the|a|my|our|that|this|last|wrong))* refund\b"
    r"|\btake (?:the|a|my|our|that|this) refund back\b|\brefund (?:bounced|came back|was (?:wrong|a mistake))\b"
    r"|\breversal of (?:the|a|my) refund\b"
)
"""Matches a question that takes a refund back, and does not record one."""
_PEOPLE = frozenset(("employee", "client", "vendor", "user", "somebody", "someone", "admin", "owner"))
_BE = frozenset(("is", "are", "was", "were", "be", "been", "being"))
_OF_OTHERS = frozenset(("opening", "archive", "activate", "issue"))
"""Actions that are found by other words, or only of parties, employees and notes."""
_OF_LATER = frozenset(("left", "lefton", "leave_date", "resigned", "resign", "quit"))
"""Words about the end of somebody's work: they change an employee, also after "record" or "add"."""
CREATE, UPDATE, PAY, REVERSE, REFUND = "create", "update", "pay", "reverse", "refund"
STATUS_ACTIONS = {
    "send": "sent", "opening": "open", "void": "void", "approve": "approved", "deny": "denied", "cancel": "cancelled",
    "archive": "archived", "activate": "active", "issue": "issued",
}  # fmt: skip
"""By action: the status that it sets."""


def find_change(reading: Reading, kind: str | None) -> str | None:
    """Return the change that the question has a word for, by the name that this kind of object has for it."""
    if kind in PERSONS:
        return _of_person(reading)
    if kind in NOTES:
        return _of_note(reading)
    change = _of_payment(reading, kind) or _of_object(reading, kind)
    if change is None:
        return None
    if kind == LEAVE:
        return {"void": "cancel", REVERSE: "cancel", "opening": UPDATE, "send": CREATE}.get(change, change)
    return {"cancel": "void", "deny": "void", "send": "opening" if kind == BILL else "send"}.get(change, change)


def asks_to_see(reading: Reading, change: str) -> bool:
    """Return whether the question asks to see, although it has a word for a change."""
    text = reading.plain.lower()
    if _marked(reading) is not None or _SHOWS_CODE.search(text):
        return False
    if change == PAY and "how" in reading.terms:
        return any(_is_strong(reading.words[place]) for place in places_of_seeing(reading))
    is_state = DONE.search(text) or THOSE.search(text)
    if is_state and change in STATUS_ACTIONS and not HOW_TO.search(text):
        return True
    sees = places_of_seeing(reading)
    if not sees:
        return False
    changes = [
        place for place, word in enumerate(reading.words) if _is_change(word) and not _is_state(reading.words, place)
    ]
    if not changes and any(_is_strong(reading.words[place]) for place in sees):
        return True
    how = [place for place, word in enumerate(reading.words) if word.key in ("how", "code") or word.key in LANGUAGES]
    asks_how = any(place > min(sees) or place < min(changes, default=0) for place in how) and changes
    last = reading.words[max(sees)]
    is_about_seeing = last.meaning == "see" and max(sees) > max(changes, default=-1)
    return not asks_how or (is_about_seeing and last.key not in ("get", "know", "check"))


def places_of_seeing(reading: Reading) -> list[int]:
    """Return the places of the words that ask to see objects."""
    is_of_object = "payment" not in reading.terms
    return [
        place
        for place, word in enumerate(reading.words)
        if not _asks_which_request(reading.words[place : place + 3])
        and not _describes(reading.words, place)
        and (
            word.meaning in SEES or (word.key == "received" and not word.text.lower().startswith("r") and is_of_object)
        )
    ]


def _describes(words: Sequence[Word], place: int) -> bool:
    """Return whether the word "who" begins a clause about somebody, as in "a colleague who is ill"."""
    return words[place].key == "who" and place > 0 and words[place - 1].meaning in _PEOPLE


def _asks_which_request(words: Sequence[Word]) -> bool:
    """Return whether the words ask which request, field or header to use: "which two requests"."""
    return words[0].meaning == "which" and any(word.meaning in NOT_OBJECTS for word in words[1:])


def _is_change(word: Word) -> bool:
    is_done = word.key in PARTICIPLES or word.key.endswith("ed")
    return (word.key == "opening" or word.meaning in CHANGES) and not is_done


def _is_state(words: Sequence[Word], place: int) -> bool:
    """Return whether the word says how an object is, as in "that were void", and not what to do."""
    return place > 0 and words[place - 1].key in _BE


def _is_strong(word: Word) -> bool:
    return word.key in SHOWS


def _verbs(reading: Reading) -> set[str]:
    return {word.meaning for word in reading.words if _is_change(word)}


def _of_payment(reading: Reading, kind: str | None) -> str | None:
    """Return the change that has to do with a payment: to record it or to take it back, or to mark a status."""
    terms, text, verbs = reading.terms, reading.plain.lower(), _verbs(reading)
    takes_back = terms & {REVERSE, "delete", "cancel", "mistake", "void"} and "payment" in terms
    if "bounce" in terms or (takes_back and "paid" not in terms):
        return REVERSE
    if (status := _marked(reading)) is not None:
        return MARKED[status]
    if terms & {"tds", "writeoff", "roundoff"} or OFF.search(text) or _names_money(reading, kind, verbs):
        return PAY
    records = verbs & {"record", CREATE, "enter", "apply", "settle"} or _pays(reading)
    if "payment" in terms and kind != LEAVE and records and REVERSE not in verbs:
        return PAY
    return None


def _names_money(reading: Reading, kind: str | None, verbs: set[str]) -> bool:
    """Return whether the question names an amount and the way in which it came, such as "5000 by upi"."""
    if kind == LEAVE or verbs & {UPDATE, REVERSE}:
        return False
    is_way = find_method(reading.plain) is not None or find_reference(reading.plain) is not None
    return is_way and find_amount(reading.plain, bare=True) is not None


def _marked(reading: Reading) -> str | None:
    """Return the status that the question sets: "mark it as sent", "sent kaise kare"."""
    marked = MARK.search(reading.plain.lower())
    return (marked[1] or marked[2]).lower() if marked else _status_done(reading)


def _status_done(reading: Reading) -> str | None:
    """Return the status before the Hindi verb for "do", as in "sent kaise kare"."""
    words = [word for word in reading.words if word.key != "how"]
    pairs = pairwise(words)
    if (
        "draft" in reading.terms
        and not reading.terms & {"back", "can", "reverse"}
        and any(first.key == "draft" and DOES.search(second.text) for first, second in pairwise(words))
    ):
        return "draft"
    done = (word for first, second in pairs if DOES.search(second.text) for word in (first.key, first.meaning))
    return next((word for word in done if word in MARKED), None)


def _pays(reading: Reading) -> bool:
    """Return whether a payment is the verb of the question, or an amount came."""
    keys = {word.key for word in reading.words}
    said = pairwise(word for word in reading.words if word.key != "how")
    is_done = any(first.meaning == "payment" and DOES.search(second.text) for first, second in said)
    if is_done and "how" in reading.terms:
        return True
    is_told = THEY_PAID.search(reading.plain) and not reading.terms & {"see", "list", "which", "find"}
    return bool(keys & {"pay", "paying", "pays", "received", "collect", "collected", "settle"} or is_told)


def _of_object(reading: Reading, kind: str | None) -> str | None:
    text, verbs = reading.plain.lower(), _verbs(reading)
    decides = verbs & {"approve", "deny", "cancel", "void", "shorten", UPDATE, "delete"}
    is_early = "early" in reading.terms and verbs <= {REVERSE}
    tests = (
        ("shorten", kind == LEAVE and ("shorten" in verbs or is_early)),
        (REVERSE, REVERSE in verbs),
        (CREATE, kind == LEAVE and not decides and (verbs & CREATES or REQUESTS.search(text))),
        (UPDATE, kind == LEAVE and not decides and _MOVES.search(text)),
        (UPDATE, {"duedate", "increase"} <= reading.terms or _sets_due_date(reading)),
        (CREATE, kind == LEAVE and not decides and "request" in reading.terms and _does(reading)),
        ("opening", OPEN_VERB.search(text)),
        (CREATE, DRAFT_VERB.search(text)),
    )
    found = next((change for change, is_asked in tests if is_asked), None)
    if found is not None:
        return found
    words = sorted(reading.words, key=lambda word: word.meaning in CREATES)
    return next((change for word in words if _is_change(word) and (change := _of_word(word, kind))), None)


def _of_note(reading: Reading) -> str | None:
    """Return the change of a note that the question has a word for."""
    verbs = _verbs(reading)
    if _TAKES_REFUND_BACK.search(reading.plain.lower()):
        return REVERSE
    if verbs & {"delete", "void", "cancel"}:
        return "void"
    if REVERSE in verbs and not verbs & {CREATE}:
        return REFUND
    if "send" in verbs or "issue" in reading.terms:
        return "issue"
    return UPDATE if UPDATE in verbs else CREATE if verbs & CREATES else None


def _of_person(reading: Reading) -> str | None:
    """Return the change of a party or an employee that the question has a word for."""
    terms, verbs = reading.terms, _verbs(reading)
    if terms & {"activate", "restore"} or {"active", "again"} <= terms:
        return "activate"
    if verbs & {"archive", "delete", "void", "cancel"}:
        return "archive"
    if verbs & {UPDATE, "extend"} or (terms & _OF_LATER and not terms & {"new"}):
        return UPDATE
    return CREATE if verbs & {CREATE, "enter", "record"} else None


def _does(reading: Reading) -> bool:
    return any(DOES.search(word.text) for word in reading.words)


def _sets_due_date(reading: Reading) -> bool:
    """Return whether the question sets a due date in Hindi: "due date 15 January karo"."""
    has_day = any(character.isdigit() for character in reading.plain)
    return "duedate" in reading.terms and has_day and _does(reading) and not places_of_seeing(reading)


def _of_word(word: Word, kind: str | None) -> str | None:
    if word.key == "opening":
        return "opening"
    by_meaning = {
        **{action: action for action in STATUS_ACTIONS if action not in _OF_OTHERS},
        **dict.fromkeys(CREATES, CREATE),
        "delete": "cancel" if kind == LEAVE else "void",
        UPDATE: UPDATE,
        "extend": UPDATE,
        "shorten": "shorten" if kind in (LEAVE, None) else None,
    }
    return by_meaning.get(word.meaning)
