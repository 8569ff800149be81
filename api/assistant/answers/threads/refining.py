"""Follow-up questions that make the request of the answer before more exact: "only the paid ones", "for bills?"."""

from __future__ import annotations

from api.assistant.answers.answer import Answer
from api.assistant.answers.composer import Composer
from api.assistant.answers.strength import asks_for_a_fact
from api.assistant.reading.thread import Question

_FACTS = frozenset(("how", "why", "what", "whether", "can", "meaning", "compare", "if", "error", "scope"))
"""Words with which a question asks for a fact, whatever it names."""


def refine(question: Question, earlier: Answer, composer: Composer) -> Answer | None:
    """Return the request of the answer before with the details that the question names; None for other questions."""
    if (
        earlier.request is None
        or not question.names
        or asks_for_a_fact(question)
        or not question.terms.isdisjoint(_FACTS)
    ):
        return None
    request, before = composer.request_of(question), earlier.request
    if request is None or request.operation.id != before.operation.id:
        return None
    is_same = (request.query, request.body, request.ids) == (before.query, before.body, before.ids)
    return None if is_same else composer.of_request(request, question)
