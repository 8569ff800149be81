"""A small request causes a bounded amount of work: however a question, a Host or a header is written."""

import os
import subprocess
import sys
from typing import Any

import falcon.testing
import pytest

from api.app import RESOURCE_TYPES
from api.assistant.answers.errors.named import status_in
from api.assistant.knowledge.library import Library
from api.assistant.reading.question import MAX_WORDS
from api.assistant.reading.words import words_of
from api.assistant.search import MAX_TERMS, search
from api.docs.guides import guide_sources
from api.docs.machine_readable import machine_readable_routes
from api.http.origin import origin_of
from api.pages.factory import PageFactory
from api.resources import BASE
from tests.support.fork_server import start_process
from tests.support.openapi import build_document

LONG = 400_000


def run_program(code, text):
    """Run the code, which reads the text, in another process: that can be ended."""
    with start_process([sys.executable, "-c", code], os.environ, stdin=subprocess.PIPE, text=True) as process:
        try:
            process.communicate(text, timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0


QUESTIONS = {
    "blanks after a word": "error" + " " * LONG,
    "blanks after a colon": "status:" + " " * LONG + "x",
    "blanks after a status": "404" + " " * LONG + "x",
    "line ends": "got" + "\n" * LONG,
    "blanks after a method": "GET" + " " * LONG,
    "blanks in a pasted error": '"code"' + " " * LONG + ":",
}


@pytest.mark.process
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_is_parsed_in_a_time_that_grows_with_its_length_only(question):
    """If the time grew with the square of the length, this would take hours."""
    imports = "import sys; from api.assistant.reading import kinds, question"
    run_program(f"{imports}; question.read(sys.stdin.read(), kinds.Kinds.of(()))", question)


HEADS = {
    "a request id": """
from infra.server.http.request_limits import sent_header
sent_header(b"GET / HTTP/1.1\\r\\nX-Request-Id: a" + LONG * b" " + b"b\\r\\n", b"x-request-id")
""",
    "a trailer": """
from infra.server.http import chunks
chunks._MAX_TRAILER_BYTES = 2 * LONG
try:
    chunks.ChunkedBody(1).read(bytearray(b"0\\r\\nA:" + LONG * b" " + b"\\x01\\r\\n"))
except chunks.MalformedChunks:
    pass
else:
    raise AssertionError("the trailer was accepted")
""",
}


@pytest.mark.process
@pytest.mark.parametrize("program", HEADS.values(), ids=HEADS)
def test_what_cannot_be_read_is_refused_in_a_time_that_grows_with_its_length_only(program):
    """One invalid request of 16 kB with many blanks kept a process from everything else for seconds."""
    run_program(f"LONG = {LONG}\n{program}", "")


@pytest.mark.parametrize("blanks", [" ", "     ", "\n\n", " \t "])
def test_a_status_is_found_however_many_blanks_stand_before_it(blanks):
    assert status_in(f"why did I get{blanks}error{blanks}:{blanks}409{blanks}today") == "409"


class Index:
    """An index that knows no word. It counts the words that it is asked for."""

    def __init__(self):
        self.asked = 0

    def unknown(self, edition, words):
        self.asked += len(words)
        return {word: [] for word in words}

    def search(self, edition, terms, limit):
        self.asked += len(terms)
        return []


def test_of_a_question_only_so_many_words_are_looked_up():
    index = Index()
    library = Library(build_document(), guide_sources(), BASE, RESOURCE_TYPES)
    words = " ".join(f"w{number}x" for number in range(400))
    search(words_of(words)[:MAX_WORDS], library, index)
    assert index.asked == 2 * MAX_TERMS


def test_the_document_is_built_once_for_the_collections_of_all_origins():
    built = []

    def build(origin):
        built.append(origin)
        return {**build_document(), "servers": [{"url": f"{origin}{BASE}"}]}

    app: falcon.App[Any, Any] = falcon.App()
    for path, resource in machine_readable_routes(PageFactory(), build, origin_of, {}):
        app.add_route(path, resource)
    client = falcon.testing.TestClient(app)
    collections = {client.simulate_get("/docs/postman.json", host=host).text for host in "abcdef"}
    assert built == [""] and len(collections) == 6
    assert sum('"http://f/api/v1"' in collection for collection in collections) == 1
