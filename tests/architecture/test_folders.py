"""No folder is larger than a reader can take in, and ARCHITECTURE.md maps every folder."""

import re

from tests.architecture.tree import ROOT, entries, module_folders, section
from tests.support.cases import all_cases

LIMIT = 16
LIMITS = {"domain": 24, "api": 24}
"""Rooms where one file per kind of object is the rule."""

FOLDERS = [folder.as_posix() for folder in module_folders()]
MAP = dict(
    re.findall(
        r"^\| `([a-z_/]+)/` \| (.*) \|$",
        section((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), "The map"),
        re.MULTILINE,
    )
)
"""The contents of each folder, as ARCHITECTURE.md describes them."""
GROWING = {"infra/postgres/migrations"}
"""One more file with every change of the schema, never one less."""


@all_cases("folder", sorted({*FOLDERS} - GROWING))
def test_a_folder_of_modules_has_few_entries(folder):
    names = entries(ROOT / folder)

    assert len(names) <= LIMITS.get(folder, LIMIT), f"{folder} has {len(names)} entries: {', '.join(names)}"


def test_the_map_has_one_line_for_every_folder_of_modules():
    assert sorted(MAP) == FOLDERS


@all_cases("folder", MAP)
def test_a_line_of_the_map_names_files_of_its_folder(folder):
    named = re.findall(r"`(\w+\.\w+)`", MAP[folder])

    assert [name for name in named if not (ROOT / folder / name).is_file()] == []
