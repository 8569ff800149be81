"""Measures the assistant: `python -m tests.assistant.grade tuning` lists what is wrong; `… kept` prints figures alone.

The kept half measures how the assistant answers questions that nobody has tuned it to. So nothing but totals of it is
ever printed, and each run on it is noted in `questions/runs-on-kept.jsonl` with its date and commit.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from api.app import RESOURCE_TYPES
from api.assistant.knowledge.library import Library
from api.assistant.reply import AskAssistant, AssistantReply
from api.assistant.service import AssistantService
from api.docs.guides import guides
from api.ports.assistant import AssistantPorts
from api.resources import BASE
from infra.assistant.index import PostgresIndex
from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded import run_postgres
from infra.postgres.migrate import migrate
from infra.postgres.pool import Pool, open_pool
from tests.assistant.grading import QUESTIONS, Expected, Grade, grade, read_questions
from tests.support.openapi import build_document
from tests.support.postgres import folder_for_servers, logins_of, service_group

ORIGIN = "http://127.0.0.1:8000"
Answer = Callable[[Expected], AssistantReply]


def main() -> None:
    """Grade the half that the first argument names."""
    half = sys.argv[1]
    with _database() as pool:
        grades = grade_all(read_questions(half), answer_with(make_service(pool)))
    figures = figures_of(grades)
    if half == "kept":
        _note(figures)
    else:
        _print_faults(grades)
    print(json.dumps(figures, indent=1))


def make_service(pool: Pool) -> AssistantService:
    """Return the assistant as the application has it, without a language model and without a limit on questions."""
    ports = AssistantPorts(index=PostgresIndex(pool), rate_limit=_NoLimit())
    return AssistantService(ports, lambda: Library(build_document(), guides(), BASE, RESOURCE_TYPES))


def answer_with(service: AssistantService) -> Answer:
    """Return a function that asks the service one of the questions."""

    def answer(question: Expected) -> AssistantReply:
        return service.answer(AskAssistant(question.question, previous=tuple(question.previous)), ORIGIN)[1]

    return answer


def grade_all(questions: Iterable[Expected], answer: Answer) -> list[Grade]:
    """Ask and grade each question."""
    return [grade(question, answer(question)) for question in questions]


def figures_of(grades: list[Grade]) -> dict[str, Any]:
    """Count right answers: all, those to be declined, by kind, by language. Count the dangerous ones."""
    return {
        "right": _share(grades),
        "dangerous": sum(each.is_dangerous for each in grades),
        "declines": _share([each for each in grades if each.question.declines]),
        "kinds": _shares(grades, lambda question: question.kind),
        "languages": _shares(grades, lambda question: question.language),
    }


class _NoLimit:
    def wait(self, address: str) -> float:
        return 0


def _shares(grades: list[Grade], key: Callable[[Expected], str]) -> dict[str, str]:
    names = Counter(key(each.question) for each in grades)
    return {name: _share([each for each in grades if key(each.question) == name]) for name in names}


def _share(grades: list[Grade]) -> str:
    return f"{sum(each.is_right for each in grades)}/{len(grades)}"


def _print_faults(grades: list[Grade]) -> None:
    for each in grades:
        if not each.is_right:
            print(f"{each.question.id} {each.question.question[:150]!r}\n    {'; '.join(each.faults)[:300]}")


def _note(figures: dict[str, Any]) -> None:
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=True)
    line = {"at": f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}", "commit": commit.stdout.strip(), **figures}
    with (QUESTIONS / "runs-on-kept.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


@contextmanager
def _database() -> Iterator[Pool]:
    with folder_for_servers() as folder, run_postgres(folder / "data", group=service_group()) as conninfo:
        with connect_as_table_owner(conninfo) as conn:
            migrate(conn)
        with open_pool(logins_of(conninfo), 2) as pool:
            pool.wait()
            yield pool


if __name__ == "__main__":
    main()
