"""The descriptions of tags."""

import re

from api.openapi.tags import tag_descriptions
from api.openapi.texts import TEXTS
from tests.support.openapi import ROUTES

OPERATIONS = [operation for _, resource in ROUTES for operation in resource.operations.values()]


def test_a_tag_names_the_scopes_of_its_operations():
    named = {tag: set(re.findall(r"`(\w+:\w+)`", text)) for tag, text in tag_descriptions(OPERATIONS).items()}
    assert named == {tag: {each.scope for each in OPERATIONS if each.tag == tag} - {None} for tag in TEXTS}


def test_a_single_scope_is_named_in_the_singular():
    reading = [each for each in OPERATIONS if each.tag == "Bills" and each.scope == "billing:read"]
    assert tag_descriptions(reading)["Bills"].endswith("void. Scope `billing:read`.")
