"""Documents name files that exist."""

import re

from tests.architecture.tree import ROOT
from tests.support.cases import all_cases

DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "docs/decisions/*.md", "tests/**/*.md", "integrations/*/*.md")
    for path in ROOT.glob(pattern)
)
LINK = re.compile(r"\]\((?!https?:|#|/)([^)#]+)(?:#[^)]*)?\)")
PATH = re.compile(r"(?<![\w/.])(?:domain|commands|projections|api|infra|tests|docs|\.ci)/[\w./*-]*")
GENERATED = ("api/v1",)
"""Beginnings of addresses of the API, which look like paths of the tree."""


@all_cases("document", DOCUMENTS)
def test_a_document_links_to_files_that_exist(document):
    folder = (ROOT / document).parent
    targets = LINK.findall((ROOT / document).read_text(encoding="utf-8"))

    assert [target for target in targets if not (folder / target).exists()] == []


@all_cases("document", DOCUMENTS)
def test_a_document_names_paths_that_exist(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    named = {path.rstrip(".") for path in PATH.findall(text) if not path.startswith(GENERATED)}

    assert sorted(path for path in named if not list(ROOT.glob(path))) == []
