"""Every text that says what an erasure takes names all that is personal, and the page names every rule."""

from pathlib import Path

import pytest

from api.console.settings.privacy.words import rules_of
from api.openapi.texts.fields import FIELDS
from domain.privacy.retention import RULES, Choice
from infra.cli.audit.privacy.erase import erase_command

WORDS = """
names|e-mail addresses|telephone numbers|addresses|GSTIN|PAN|descriptions of lines|notes|reasons|references
methods of payment|metadata
"""


ROOT = Path(__file__).parents[4]


def read(path):
    return Path(ROOT, path).read_text(encoding="utf-8")


TEXTS = {
    "guide": lambda: read("docs/guides/erasing-a-person.md"),
    "operations": lambda: read("docs/operations.md"),
    "page": lambda: read("api/console/templates/settings/privacy.html"),
    "help": lambda: erase_command.help or "",
    "API reference": lambda: FIELDS["erased"],
}


@pytest.mark.parametrize("name", TEXTS)
def test_it_names_all_that_is_erased(name):
    text = " ".join(TEXTS[name]().split()).lower()
    list_ = ", ".join(WORDS.strip().replace("\n", "|").split("|")[:-1]).lower()
    assert f"{list_} and metadata" in text


def test_the_page_names_every_rule_and_both_kinds_of_persons():
    rules = " ".join(rules_of(Choice()))
    assert all(rule.source in rules for rule in RULES.values() if rule.since is not None)
    assert "Parties:" in rules and "Leaves and employees:" in rules
