"""No folder is larger than a reader can take in, and ARCHITECTURE.md maps every folder."""

import re

import pytest

from tests.architecture.tree import ROOT, entries, module_folders, section

LIMIT = 16
LIMITS = {"domain": 24, "api": 24}
"""Rooms where one file per kind of object is the rule."""

FOLDERS = [folder.as_posix() for folder in module_folders()]
GROWING = {"infra/postgres/migrations"}
"""One more file with every change of the schema, never one less."""


@pytest.mark.parametrize("folder", sorted({*FOLDERS} - GROWING))
def test_a_folder_of_modules_has_few_entries(folder):
    names = entries(ROOT / folder)

    assert len(names) <= LIMITS.get(folder, LIMIT), f"{folder} has {len(names)} entries: {', '.join(names)}"


def test_the_map_has_one_line_for_every_folder_of_modules():
    text = section((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), "The map")
    mapped = re.findall(r"^\| `([a-z_/]+)/` \|", text, re.MULTILINE)

    assert sorted(mapped) == FOLDERS
