"""What the statuses of an object mean, and what can follow: from the reference's texts and the domain's transitions."""

from __future__ import annotations

import re

from api.assistant.answers.answer import Answer
from api.assistant.knowledge.library import Library
from api.assistant.reading.thread import Question
from api.assistant.reading.words import Word
from api.openapi.statuses import Status, statuses_of
from api.resource_type import ResourceType

_ASKS_MEANING = frozenset(["meaning", "what", "compare"])
_STATUS = (
    r"[\"'`‘“]?(?:drafts?|sent|open|partially[ _]paid|part[ _]paid|paid|void|pending|approved|denied|cancell?ed)\b"
)
_ASKS_ABOUT = re.compile(
    rf"^\W*(?:so |and )?(?:what(?:'s| is| are| does| do)?|explain|define)\s+(?:a |an |the |status |it )?{_STATUS}"
    rf"|\bwhat (?:can )?follows?\b.{{0,6}}{_STATUS}"
    r"|\b(?:what|which|list|all|kaun\S*|kitne)\b.{0,30}\bstatus(?:es)?\b.{0,15}"
    r"\b(?:of|can|has|have|exist|are there|for|hai|hote|ho sakte)\b"
    r"|\bwhat\b.{0,12}\b(?:comes?|follows?|next|can (?:i|you|we|one) do|happens?)\b.{0,12}"
    rf"\b(?:after|with|to|from|is)\b.{{0,12}}{_STATUS}"
    rf"|{_STATUS}\s+(?:kya (?:hai|hota|hoti)|ka matlab|ke baad kya|क्या (?:है|होता)|का मतलब|के बाद क्या)",
    re.IGNORECASE,
)
"""Matches a question that asks what a status is, or what comes after it, without the word "status"."""
_ASKS_ALL = frozenset(["which", "what", "all", "many"])
_ASKS_CAN = frozenset(["can", "become", "after", "next", "allow", "whether", "how"])
_WORDS = {"canceled": "cancelled", "rejected": "denied", "opened": "open", "voided": "void", "drafts": "draft"}


def explain_status(question: Question, library: Library, *, is_sure: bool) -> Answer | None:
    """Return the answer to a question about statuses; None for other questions. `is_sure`: it names the word status."""
    terms = question.terms | (question.context & {"meaning", "status"})
    terms |= {"meaning"} if asks_about_status(question) else set()
    resources = {each.tag: each.resource for each in library.operations.values() if each.resource is not None}
    words = (word for word in question.reading.words if word.key != "paid" or "partially_paid" not in terms)
    named = [_name_of(word) for word in words]
    all_statuses = {name for each in resources.values() for name in each.aggregate.transitions()}
    if question.before is not None and "meaning" in question.context and all_statuses.isdisjoint(named):
        named += [_name_of(word) for word in question.before.reading.words]
    for resource in sorted(resources.values(), key=lambda each: _rank(each, question)):
        statuses = {each.name: each for each in statuses_of(resource.tag, resource.aggregate)}
        found = [name for name in dict.fromkeys(named) if name in statuses]
        if len(found) > 1 and "compare" in terms:
            return _compared(resource, [statuses[name] for name in found[:2]])
        if len(found) > 1 and terms & _ASKS_CAN and is_sure:
            return _step(resource, statuses[found[0]], found[1])
        if found and terms & _ASKS_MEANING and (is_sure or "meaning" in terms):
            return _meaning(resource, statuses[found[0]])
        is_of_kind = question.intent.kind == resource.aggregate.kind and "meaning" in terms
        if not found and is_of_kind and not all_statuses.isdisjoint(named):
            return _none(resource, next(name for name in named if name in all_statuses), list(statuses.values()))
        if not found and "status" in terms and terms & _ASKS_ALL and question.intent.kind == resource.aggregate.kind:
            return _all(resource, list(statuses.values()))
    return None


def _rank(resource: ResourceType, question: Question) -> tuple[bool, str]:
    order = {"invoice": "0", "bill": "1", "leave": "2"}
    kind = resource.aggregate.kind
    return kind != question.intent.kind, order.get(kind, kind)


def _all(resource: ResourceType, statuses: list[Status]) -> Answer:
    names = ", ".join(f"`{each.name}`" for each in statuses)
    noun = resource.aggregate.noun
    lines = "\n".join(f"- `{each.name}`: {each.meaning}" for each in statuses)
    return Answer(f"The statuses of {article_of(noun)} {noun} are {names}.\n\n{lines}", (f"update{resource.schema}",))


def asks_about_status(question: Question) -> bool:
    """Return whether the question asks what a status is, or what comes after it."""
    return _ASKS_ABOUT.search(question.reading.plain) is not None


def _name_of(word: Word) -> str:
    return _WORDS.get(word.key, word.meaning if word.meaning == "partially_paid" else word.key)


def _none(resource: ResourceType, name: str, statuses: list[Status]) -> Answer:
    noun = resource.aggregate.noun
    lines = "\n".join(f"- `{each.name}`: {each.meaning}" for each in statuses)
    return Answer(
        f"{article_of(noun).capitalize()} {noun} has no status `{name}`; its statuses are:\n\n{lines}",
        (f"update{resource.schema}",),
    )


def _meaning(resource: ResourceType, status: Status) -> Answer:
    noun = resource.aggregate.noun
    following = ", ".join(f"`{name}`" for name in (*status.by_request, *status.by_payment)) or "nothing"
    text = f"`{status.name}`, of {article_of(noun)} {noun}: {status.meaning} What can follow: {following}."
    return Answer(text, (f"update{resource.schema}",))


def _compared(resource: ResourceType, statuses: list[Status]) -> Answer:
    text = "; ".join(f"`{each.name}`: {each.meaning.rstrip('.')}" for each in statuses)
    return Answer(f"{text}.", (f"update{resource.schema}",))


def _step(resource: ResourceType, status: Status, to: str) -> Answer:
    noun, allowed = resource.aggregate.noun, ", ".join(f"`{name}`" for name in status.by_request) or "nothing"
    if to in status.by_request:
        text = f"Yes, {article_of(noun)} {noun} that is `{status.name}` can become `{to}`: PATCH its `status`."
    elif to in status.by_payment:
        text = f"Yes, but only through payments: {article_of(noun)} {noun} becomes `{to}` by its balance."
    else:
        what = f"{article_of(noun)} {noun} that is `{status.name}`"
        text = f"No, {what} cannot become `{to}`; a PATCH can set: {allowed}."
    return Answer(f"{text} Anything else is refused with 409 `invalid_transition`.", (f"update{resource.schema}",))


def article_of(noun: str) -> str:
    """Return "a" or "an"."""
    return "an" if noun[0] in "aeiou" else "a"
