"""Every field of the OpenAPI document has a sentence and an example."""

import pytest

from api.openapi.examples.fields import needs_example
from tests.support.cases import all_cases
from tests.support.openapi import build_document, schema_errors

DOCUMENT = build_document()
SCHEMAS = DOCUMENT["components"]["schemas"]
FIELDS = [
    pytest.param(field, id=f"{owner}.{name}")
    for owner, schema in SCHEMAS.items()
    for name, field in schema.get("properties", {}).items()
]


@all_cases("field", FIELDS)
def test_a_field_has_a_sentence_and_an_example_that_fits_it(field):
    assert field.get("description", "").endswith(".")
    if needs_example(field):
        (example,) = field["examples"]
        assert schema_errors(DOCUMENT, field, example) == []


@all_cases("schema", [pytest.param(schema, id=name) for name, schema in SCHEMAS.items()])
def test_a_schema_has_a_sentence(schema):
    assert schema.get("description", "").endswith(".")


@pytest.mark.parametrize("name", ["DraftInvoice.clientId", "DraftBill.vendorId", "RequestLeave.employeeId"])
def test_an_id_of_ones_own_says_that_nothing_has_to_be_created_first(name):
    owner, _, field = name.partition(".")

    assert "has to be created first" in SCHEMAS[owner]["properties"][field]["description"]


def test_the_currency_names_its_default_in_words():
    assert "`INR` when it is absent" in SCHEMAS["DraftInvoice"]["properties"]["currency"]["description"]
