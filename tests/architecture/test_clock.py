"""Stored times are compared by the database's clock. What reads the host's clock is listed here; none is compared."""

import ast

import pytest

from tests.architecture.tree import ROOMS, ROOT
from tests.support.cases import all_cases

READERS = {
    "infra/telemetry/logs.py": "the time of a line in this process's log",
    "infra/server/http/responses.py": "the header Date of a response, which says when this host sent it",
    "api/samples/placeholders.py": "the dates in examples",
    "infra/cli/clients/forwarder.py": "the time in a signature that is made on a developer's computer",
    "infra/worker/mail/process.py": "the header Date of a mail with which an operator tries the settings",
    "infra/cli/banner.py": "the dates in an example",
}
CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "clock_gettime", "ctime", "strftime"},
}


def readings(tree):
    """Return the lines in which a module reads the host's clock. How much time has passed (`monotonic`) is no time."""
    return [node.lineno for node in ast.walk(tree) if _reads(node)]  # type: ignore[attr-defined]


def _reads(node):
    match node:
        case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=attribute):
            return attribute in CLOCKS.get(name, ())
        case ast.ImportFrom(module="time", names=names):
            return any(each.name in CLOCKS["time"] for each in names)
    return False


READ = (
    "datetime.now(UTC)",
    "datetime.datetime.utcnow()",
    "expired = at < datetime.today()",
    "date.today()",
    "time.time()",
    "clock = time.time",
    "from time import time",
)


@all_cases("source", READ)
def test_the_search_finds_what_reads_the_clock(source):
    assert readings(ast.parse(source)) == [1]


@pytest.mark.parametrize("source", ["time.monotonic()", "get_now(conn)", "uow.today", "datetime.fromtimestamp(0, UTC)"])
def test_the_search_leaves_alone_what_does_not(source):
    assert readings(ast.parse(source)) == []


@pytest.mark.thorough
def test_only_what_is_listed_reads_the_hosts_clock():
    modules = {path.relative_to(ROOT).as_posix(): path for room in ROOMS for path in (ROOT / room).rglob("*.py")}
    found = {name: readings(ast.parse(path.read_text())) for name, path in modules.items()}
    assert {name for name, lines in found.items() if lines} == READERS.keys()
