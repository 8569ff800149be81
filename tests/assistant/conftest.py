"""The library of the assistant, as in the application, its index, and a function that asks it."""

import pytest

from api.app import RESOURCE_TYPES
from api.assistant.answers.answerer import Answerer
from api.assistant.knowledge.library import Library
from api.assistant.reading.kinds import Kinds
from api.assistant.reading.thread import read_thread
from api.docs.guides import guides
from api.resources import BASE
from api.samples.placeholders import today
from infra.assistant.index import PostgresIndex
from tests.assistant.asking import ORIGIN, AnsweredQuestion
from tests.support.openapi import build_document


@pytest.fixture(scope="session")
def library():
    """All operations and sections."""
    return Library(build_document(), guides(), BASE, RESOURCE_TYPES)


@pytest.fixture(scope="session")
def index(pool):
    """Their full-text index in PostgreSQL."""
    return PostgresIndex(pool)


@pytest.fixture(scope="session")
def ask(library, index):
    """Return a function that answers a question, after the earlier questions of its thread."""
    answerer = Answerer(library, index)

    def answer(question, *previous, language=None):
        read, found = answerer.answer([*previous, question], ORIGIN, today())
        return AnsweredQuestion.of(read, found, library, language)

    return answer


@pytest.fixture(scope="session")
def read():
    """Return a function that reads a question, after the earlier questions of its thread."""

    def read_one(question, *previous, day=None):
        return read_thread([*previous, question], day or today(), Kinds.of(RESOURCE_TYPES))

    return read_one
