"""Which scope a key needs for what a question names."""

from __future__ import annotations

from api.assistant.answers.answer import Answer
from api.assistant.knowledge.library import Library
from api.assistant.reading.intent import SEE, WHO_MAY
from api.assistant.reading.thread import Question

_OTHERS = frozenset(["update", "write:read", "change", "expire", "include"])


def explain_scope(question: Question, library: Library) -> Answer | None:
    """Return the scope that the action or the object of the question needs; None for other questions."""
    terms, intent = question.terms, question.intent
    asks_who = WHO_MAY.search(question.reading.plain) is not None and intent.action not in (SEE, None)
    asks_which = asks_who or ("scope" in question.context and not terms.isdisjoint({"need", "needed", "required"}))
    if (
        not ("scope" in terms or asks_which)
        or intent.kind is None
        or "insufficient_scope" in terms
        or (terms & {"write", "read"} and terms & {"also", "let", "include"})
    ):
        return None
    resource = next(
        each.resource
        for each in library.operations.values()
        if each.resource and each.resource.aggregate.kind == intent.kind
    )
    read, write = resource.aggregate.read_scope, resource.aggregate.write_scope
    noun, nouns = resource.aggregate.noun, resource.tag.lower()
    changes = intent.action not in (None, SEE, "history", "past") or terms & {
        "approve",
        "deny",
        "send",
        "create",
        "pay",
        "record",
        "void",
    }
    if changes:
        text = f"It needs the scope `{write}`: to create, change or decide on a {noun}. To read {nouns}, add `{read}`."
    else:
        text = f"The scope `{read}` reads {nouns}, and `{write}` creates and changes them; neither includes the other."
    update = f"update{resource.schema}"
    return Answer(
        f"{text} Owners and admins choose the scopes of a key, and can change them.",
        (update, "authentication#scopes") if changes else ("authentication#scopes",),
    )
