"""Each scenario of `make chaos` is on the page about reliability, has a short form, and says when it fails."""

import ast
import importlib
import re

import pytest

from tests.architecture.tree import ROOT
from tests.chaos.run import ALONE, TOGETHER

CHAOS = ROOT / "tests" / "chaos"
SCENARIOS = {**ALONE, **TOGETHER}
FAULTS = sorted(path.stem for path in (CHAOS / "faults").glob("*.py") if path.stem != "__init__")
ELSEWHERE = {"full_disk": "test_failures.py", "killed_postgres": "test_bundled_postgres.py"}
"""Scenarios whose short form does what the scenario does in another way, and the test that has it."""


def test_the_page_names_every_scenario():
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([a-z][a-z-]*)` \|", page, re.MULTILINE)
    assert sorted(named) == sorted(SCENARIOS)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_scenario_says_with_which_defence_taken_away_it_fails_and_has_a_short_form(fault):
    assert re.search(
        r"\bfails when\b", importlib.import_module(f"tests.chaos.faults.{fault}").__doc__ or "", re.IGNORECASE
    )
    assert fault in _imported() or (CHAOS / ELSEWHERE[fault]).is_file()


def test_every_scenario_is_run():
    assert {scenario.__module__.rpartition(".")[2] for scenario in SCENARIOS.values()} == set(FAULTS)


def _imported():
    """Return the names that the tests of this folder import from `tests.chaos.faults`."""
    names = set()
    for path in CHAOS.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "tests.chaos.faults":
                names |= {each.name for each in node.names}
    return names
