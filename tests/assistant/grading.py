"""Grades an answer of the assistant by program: what it must contain, what it must not, and which request it shows.

Texts are compared as a reader compares them: case does not count, nor do Markdown's marks, the width of blanks and the
separators of thousands. A term may also stand URL-encoded, as in the address of a request.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

import msgspec

from api.assistant.reply import AssistantReply, AssistantSample

QUESTIONS = Path(__file__).with_name("questions")
_END_OF_SENTENCE = re.compile(r"(?<=[.!?।])\s|\n\s*\n")
_FENCED = re.compile(r"```.*?```", re.DOTALL)
_DECLINING = re.compile(
    r"^no\b|cannot|can't"
    r"|do(?:es)? not know|don't know|not ours|do not answer|(?:is|are|has|have|makes?|knows?) no\b|does not|outside"
    r"|नहीं जानता|मुझे नहीं पता|मालूम नहीं"
)
_NOT_KNOWING = re.compile(r"^i do(?: not|n't) know")
_METHOD = re.compile(r"""method['"]?\s*(?:=>|[:=])\s*['"](\w+)|NewRequest\(\s*"(\w+)""", re.IGNORECASE)
_PATH = re.compile(r"/api/v1(/[^\s'\"`?\\$]*)")


class Expected(msgspec.Struct, frozen=True):
    """A question of `questions/*.jsonl`, with what a right answer contains. A group of terms needs one of its terms."""

    id: str
    kind: str
    language: str
    question: str
    why: str
    previous: list[str] = []
    declines: bool = False
    request: dict[str, Any] | None = None
    """The request that the answer must show: `method`, `path` with `{id}` for any id, and `contains`."""
    sample: str | None = None
    """The programming language of the first sample."""
    first: list[list[str]] = []
    """Groups of terms; the first sentence must contain one of each."""
    must: list[list[str]] = []
    """Groups of terms; the answer or its samples must contain one of each."""
    must_not: list[str] = []
    dangerous: list[str] = []
    """Terms that must not stand in any sample: they would change what the question did not ask to change."""


class Grade(NamedTuple):
    """What is wrong with an answer, in words; nothing if it is right."""

    question: Expected
    faults: list[str]
    is_dangerous: bool

    @property
    def is_right(self) -> bool:
        return not self.faults


def read_questions(half: str) -> list[Expected]:
    """Return the questions of a half: `tuning` or `kept`."""
    lines = (line for path in sorted(QUESTIONS.glob(f"{half}*.jsonl")) for line in path.read_text("utf-8").splitlines())
    return [msgspec.convert(json.loads(line), Expected) for line in lines]


def grade(question: Expected, reply: AssistantReply) -> Grade:
    """Compare a reply with what the question expects."""
    dangers = [f"dangerous: {term}" for term in question.dangerous if _has(_code(reply), term)]
    faults = [*dangers, *_faults_of_text(question, reply), *_faults_of_request(question, reply)]
    return Grade(question, faults, bool(dangers))


def first_sentence(reply: AssistantReply) -> str:
    """Return the first sentence of an answer, without the samples."""
    return _END_OF_SENTENCE.split(_FENCED.sub("\n\n", reply.answer).strip(), maxsplit=1)[0] + " "


def normalized(text: str) -> str:
    """Return the text as it is compared."""
    text = re.sub(r"[*_`]", "", text.casefold())
    text = re.sub(r"(?<=\d)[ \u00a0\u202f\u2009](?=\d{3}(?!\d))|(?<=\d),(?=\d\d\d?(?:,\d|(?!\d)))", "", text)
    return re.sub(r"\s+", " ", text)


def _faults_of_text(question: Expected, reply: AssistantReply) -> Iterator[str]:
    first, everything = first_sentence(reply), f"{reply.answer} \n{_code(reply)} "
    has_declined = _NOT_KNOWING.search(normalized(first)) is not None
    if question.declines and (reply.samples or not _DECLINING.search(normalized(first))):
        yield "does not decline"
    if not question.declines and has_declined:
        yield "declines"
    yield from (f"first sentence without {group}" for group in question.first if not _has_one(first, group))
    yield from (f"without {group}" for group in question.must if not _has_one(everything, group))
    yield from (f"must not contain {term}" for term in question.must_not if _has(everything, term))


def _faults_of_request(question: Expected, reply: AssistantReply) -> Iterator[str]:
    samples = reply.samples[:1] if question.sample else reply.samples
    if question.sample and [each.language for each in samples] != [question.sample]:
        yield f"first sample is not {question.sample}"
    if question.request is None:
        return
    sent = [each for each in samples if _sends(each, question.request["method"], question.request["path"])]
    if not sent:
        yield f"no sample sends {question.request['method']} {question.request['path']}"
    for term in question.request.get("contains", ()):
        if sent and not _has(sent[0].code, term):
            yield f"request without {term}"


def _sends(sample: AssistantSample, method: str, path: str) -> bool:
    template = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
    paths = (found.rstrip("/") for found in _PATH.findall(sample.code))
    return _method_of(sample) == method and any(re.fullmatch(template, each) for each in paths)


def _method_of(sample: AssistantSample) -> str:
    if sample.language == "curl":
        named = re.search(r"-X\s*(\w+)", sample.code)
        return named[1] if named else "POST" if re.search(r"\s(?:-d|--data|--json)\b", sample.code) else "GET"
    found = _METHOD.search(sample.code)
    return (found[1] or found[2]).upper() if found else "GET"


def _code(reply: AssistantReply) -> str:
    return "\n".join([*_FENCED.findall(reply.answer), *(sample.code for sample in reply.samples)])


def _has_one(text: str, group: Iterable[str]) -> bool:
    return any(_has(text, term) for term in group)


def _has(text: str, term: str) -> bool:
    return normalized(term) in normalized(text) or normalized(term) in normalized(unquote_plus(text))
