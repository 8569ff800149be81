"""SECURITY.md and the list of attacks name tests that exist, and each promise names one."""

import re

import pytest

from tests.architecture.tree import ROOT
from tests.support.cases import all_cases

PROMISES = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ATTACKS = (ROOT / "tests" / "security" / "README.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([\w./-]+\.py)(?:::(\w+))?`")
PROTECTED = [row for row in PROMISES.splitlines() if row.startswith("| ") and not row.startswith("| threat ")]


def named_in(text, folder):
    return [(folder / path, name) for path, name in NAMED.findall(text) if path.rpartition("/")[2].startswith("test_")]


@pytest.mark.parametrize(("text", "folder"), [(PROMISES, ROOT), (ATTACKS, ROOT / "tests" / "security")])
def test_every_named_test_exists(text, folder):
    named = named_in(text, folder)
    assert len(named) > 40
    for file, name in named:
        assert file.is_file(), file
        assert not name or f"def {name}(" in file.read_text(encoding="utf-8"), f"{file}::{name}"


@all_cases("row", PROTECTED, ids=[row.split("|")[1].strip() for row in PROTECTED])
def test_every_protection_names_its_tests(row):
    assert named_in(row, ROOT), row
