"""What the assistant answers, as the tests look at it."""

from __future__ import annotations

from typing import NamedTuple

from api.assistant.answer import compose_reply
from api.assistant.answers.answer import Answer
from api.assistant.knowledge.library import Library
from api.assistant.reading.thread import Question
from api.assistant.reply import AssistantReply

ORIGIN = "http://127.0.0.1:8000"


class AnsweredQuestion(NamedTuple):
    """A question as it was read, and its answer."""

    question: Question
    sources: tuple[str, ...]
    """The ids of the sources, the best first."""
    reply: AssistantReply

    @classmethod
    def of(cls, question: Question, answer: Answer, library: Library, language: str | None) -> AnsweredQuestion:
        """Compose the reply."""
        return cls(question, answer.sources, compose_reply(question, answer, language, library, ORIGIN))

    @property
    def first(self) -> str:
        """The id of the first source; an empty text if there is none."""
        return self.sources[0] if self.sources else ""
