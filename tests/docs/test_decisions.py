"""Each decision says when it was taken and whether it still holds, and docs/README.md lists it."""

import re

from tests.architecture.tree import ROOT, section
from tests.support.cases import all_cases

DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
HEAD = re.compile(
    r"# (?P<number>\d+)\. (?P<title>.+)\n\nDate: \d{4}-\d\d-\d\d · Status: (?P<status>accepted|replaced by \d+)\n"
)


@all_cases("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_its_number_date_and_status(page):
    head = HEAD.match(page.read_text(encoding="utf-8"))

    assert head
    assert int(head["number"]) == int(page.stem[:4])


def test_the_index_lists_every_decision_with_its_title_and_status():
    heads = {page.name: HEAD.match(page.read_text(encoding="utf-8")) for page in DECISIONS}
    lines = section((ROOT / "docs/README.md").read_text(encoding="utf-8"), "Decisions").splitlines()

    assert [line for line in lines if line.startswith("| [")] == [
        f"| [{head['number']}. {head['title']}](decisions/{name}) | {head['status']} |"
        for name, head in heads.items()
        if head
    ]
