"""What the console says about scopes, and how it lets people try a new key."""

import json
import re
from datetime import date

import pytest

from api.app import RESOURCE_TYPES
from api.console.keys.sample import sample_for
from api.openapi.texts import SCOPE_TEXTS
from domain.registry import SCOPES

TODAY = date(2026, 1, 10)


def test_every_scope_has_a_text():
    assert sorted(SCOPE_TEXTS) == sorted(SCOPES)


@pytest.mark.parametrize("scope", [scope for scope in SCOPES if scope.endswith(":read")])
def test_a_key_that_may_read_is_tried_with_a_list(scope):
    sample = sample_for("https://example.com", "sd_live_Abcd", [scope], TODAY, RESOURCE_TYPES)

    assert "changes nothing" in sample.description and " -d " not in sample.curl


@pytest.mark.parametrize("scope", [scope for scope in SCOPES if scope.endswith(":write")])
def test_a_key_that_may_only_write_is_tried_with_an_object_named_after_it(scope):
    sample = sample_for("https://example.com", "sd_live_Abcd", [scope], TODAY, RESOURCE_TYPES)
    body = json.loads(sample.curl.partition("-d '")[2].rstrip("'"))

    assert "trial-abcd" in body.values()
    assert not re.search(r"\{\w+\}", sample.description + sample.curl)
