"""What statuses mean is said once for each, and what follows is what the domain allows."""

import pytest

from api.app import RESOURCE_TYPES
from api.openapi.statuses import statuses_of
from api.openapi.texts import TEXTS
from tests.support.openapi import build_document

DOCUMENT = build_document()


@pytest.mark.parametrize("type_", RESOURCE_TYPES, ids=lambda type_: type_.path)
def test_every_status_has_a_sentence_and_no_other_word_has_one(type_):
    assert TEXTS[type_.tag].statuses.keys() == type_.aggregate.transitions().keys()
    assert all(status.meaning.endswith(".") for status in statuses_of(type_.tag, type_.aggregate))


@pytest.mark.parametrize("type_", RESOURCE_TYPES, ids=lambda type_: type_.path)
def test_the_reference_shows_the_sentences_at_the_tag_and_at_the_field(type_):
    tag = next(each["description"] for each in DOCUMENT["tags"] if each["name"] == type_.tag)
    field = DOCUMENT["components"]["schemas"][type_.schema]["properties"]["status"]["description"]

    assert all(meaning in tag and meaning in field for meaning in TEXTS[type_.tag].statuses.values())


def test_what_follows_a_status_is_in_the_table():
    tag = next(each["description"] for each in DOCUMENT["tags"] if each["name"] == "Invoices")

    assert "no longer change. | `void`; through payments `partially_paid`, `paid` |" in tag
    assert "stays taken. | nothing |" in tag
