"""The words that were retired, and a check that keeps them from coming back: `make lint` runs it.

A word is on the list because it misled readers: it had two meanings, or was a metaphor where the field has a word. The
glossary in ARCHITECTURE.md holds the words that are used instead. This is no style engine: it knows these words only.
"""

from __future__ import annotations

import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.architecture.tree import ROOT


class Name(NamedTuple):
    """A name that Python code must not use, in files whose path matches `where`."""

    words: str
    instead: str
    reason: str
    where: str = ""


class Phrase(NamedTuple):
    """Words that comments, docstrings, messages and documents must not use; a regular expression."""

    words: str
    instead: str
    reason: str
    where: str = ""


class Finding(NamedTuple):
    """A retired word in a file."""

    path: str
    line: int
    word: str
    rule: Name | Phrase

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: '{self.word}' is retired: use {self.rule.instead}. {self.rule.reason}"


_METAPHOR = "A metaphor where the field has a word."
_PARTICIPLE = "A noun names a thing; a participle does not."
_TWO_MEANINGS = "The word had several meanings."
_NOT_CREDITS = "domain/|commands/|api/|infra/log/"
"""Where a ledger cannot be that of credits."""

NAMES = (
    Name("Ledger Ledgers PostgresLedger PostgresLedgers", "UnitOfWork or CommandBus", _TWO_MEANINGS),
    Name("ledger ledgers", "uow, unit_of_work or command_bus", _TWO_MEANINGS, where=_NOT_CREDITS),
    Name("Written", "CommandResult", _PARTICIPLE),
    Name("Asked Found Told Answered", "a noun, such as ParsedQuery, SearchResult, RequestRecord", _PARTICIPLE),
    Name("Undigested undigested", "UnreadableEvent", _METAPHOR),
    Name("Faulty", "InvalidCommand", "The errors of a request are called invalid."),
    Name("Wrong", "InvalidValue", "The errors of a request are called invalid."),
    Name("Numeral", "JsonNumber", "It is a number of a JSON document."),
    Name("Gate gate", "AdmissionControl", _METAPHOR),
    Name("GateStuck", "TableLocked", _METAPHOR),
    Name("Door door", "SessionMiddleware", _METAPHOR),
    Name("Desk desk", "AssistantService", _METAPHOR),
    Name("Help", "AssistantPorts", _METAPHOR),
    Name("Pace pace", "QuestionRateLimit", _METAPHOR),
    Name("Clash clash", "ConstraintConflict", _METAPHOR),
    Name("Rule", "ErrorMapping", _TWO_MEANINGS, where="api/"),
    Name("Module", "ResourceType", "Python has modules.", where="api/"),
    Name("ModuleTexts", "TagTexts", "Python has modules.", where="api/"),
    Name("Action ActionResource", "SubResource", "`availableActions` has another meaning of action.", where="api/"),
    Name("shown known presented admitted", "a name that says what it holds", _PARTICIPLE, where="api/"),
    Name("become", "transition_to", "A function is named with a verb that says what it does."),
    Name("issue", "mark_issued", "Only an API key is issued.", where="(domain|commands)/(document|invoice|bill)"),
    Name("match", "check_version", "It says nothing of versions.", where="commands/|api/http/preconditions"),
    Name("once", "tokens", "A noun names a module.", where="api/console/"),
    Name("ready finding composing", "canned, search and answer", _PARTICIPLE, where="api/assistant/"),
    Name("settle_overdue", "refresh_overdue", "Settling is what payments do."),
    Name("Subject subjects", "DisplayName and display_names", _TWO_MEANINGS),
    Name("thing", "object", "It says nothing."),
    Name("KeyWish read_wish wish wishes", "NewKeyForm, step or the name of what is requested", _METAPHOR),
    Name("machine", "json_output", _TWO_MEANINGS, where="infra/cli/"),
    Name("PromptWorker", "FastShutdownWorker", "A prompt is text on a terminal."),
    Name("welcome", "banner", _METAPHOR),
    Name("SELDOM", "every_n_rounds", "A period is a number."),
)
PHRASES = (
    Phrase(r"undigested", "unreadable event", _METAPHOR),
    Phrase(r"the gate\b", "admission control, or the swap lock", _METAPHOR),
    Phrase(r"the ledger\b(?! of credits)", "the unit of work", _TWO_MEANINGS, where=_NOT_CREDITS),
    Phrase(r"none of (its|his|their) business", "what it does not depend on", "Literary."),
    Phrase(r"to be had\b", "available", "Literary."),
    Phrase(r"\bwhoever\b", "the noun: the client, the writer, the caller", "Literary."),
    Phrase(r"what (becomes|became) of", "the result of", "Literary."),
    Phrase(r"\b(is|are|was|were) told (of|by|what|the)\b", "receives, or is called with", _METAPHOR),
)
STATEMENTS = (Phrase(r"\blog\s*=\s*(\w+\.)*getLogger", "logger", "A log is an organization's events in order."),)
"""Rules for lines of Python code."""

MODULES = {
    "api/assistant/composing.py": "api/assistant/answer.py",
    "api/assistant/finding.py": "api/assistant/search.py",
    "api/assistant/ready.py": "api/assistant/knowledge/canned.py",
    "api/assistant/wishes.py": "api/assistant/intent.py",
}

_SEARCHED = ("*.py", "*.sql", "*.md", "*.html", "*.js", "*.css", "*.lua", "Makefile", "setup.cfg", ".env.example")
_SKIPPED = re.compile(r"(^|/)(\.\w[\w-]*|var|build|dist|node_modules)/|^tests/architecture/(test_)?retired_words\.py$")
_PROSE_TOKENS = frozenset({tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)})


def main() -> int:
    """Print every retired word of the tree; return 1 when there is one."""
    findings = [finding for path in sources(ROOT) for finding in findings_in(path, (ROOT / path).read_text("utf-8"))]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


def sources(root: Path) -> list[str]:
    """Return the paths of all files that people wrote, relative to the root."""
    paths = (path.relative_to(root).as_posix() for pattern in _SEARCHED for path in root.rglob(pattern))
    return sorted(path for path in paths if not _SKIPPED.search(path))


def findings_in(path: str, text: str) -> Iterator[Finding]:
    """Yield the retired words of one file."""
    if path in MODULES:
        yield Finding(path, 1, Path(path).stem, Name(path, MODULES[path], _METAPHOR))
    if path.endswith(".py"):
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
        yield from _names(path, tokens)
        yield from _phrases(path, ((token.start[0], words) for token in tokens if (words := _words(token))))
        yield from _phrases(path, enumerate(text.splitlines(), 1), STATEMENTS)
        yield from _phrases(path, ((token.start[0], token.string) for token in tokens if token.type in _PROSE_TOKENS))
    elif path.endswith(".sql"):
        comments = (line.partition("--")[2] for line in text.splitlines())
        yield from _phrases(path, enumerate(comments, 1))
    else:
        yield from _phrases(path, enumerate(text.splitlines(), 1))


def _names(path: str, tokens: Iterable[tokenize.TokenInfo]) -> Iterator[Finding]:
    rules = {word: rule for rule in NAMES if re.match(rule.where, path) for word in rule.words.split()}
    for token in tokens:
        if token.type == tokenize.NAME and token.string in rules:
            yield Finding(path, token.start[0], token.string, rules[token.string])


def _words(token: tokenize.TokenInfo) -> str:
    """Return the words of a name in snake case, as a phrase; nothing for other tokens."""
    return token.string.strip("_").replace("_", " ") if token.type == tokenize.NAME and "_" in token.string else ""


def _phrases(path: str, texts: Iterable[tuple[int, str]], phrases: tuple[Phrase, ...] = PHRASES) -> Iterator[Finding]:
    rules = [rule for rule in phrases if re.match(rule.where, path)]
    for line, text in texts:
        for rule in rules:
            for match in re.finditer(rule.words, text, re.IGNORECASE):
                yield Finding(path, line + text.count("\n", 0, match.start()), match[0], rule)


if __name__ == "__main__":
    sys.exit(main())
