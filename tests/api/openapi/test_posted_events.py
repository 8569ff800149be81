"""The requests to webhooks, as the OpenAPI document describes them."""

from projections.views.events import public_names
from tests.support.cases import all_cases
from tests.support.openapi import build_document, schema_errors

DOCUMENT = build_document()


def test_every_type_of_event_is_described():
    assert set(DOCUMENT["webhooks"]) == set(public_names())


@all_cases("type", public_names())
def test_the_sample_of_a_type_is_what_its_schema_says(type):
    media = DOCUMENT["webhooks"][type]["post"]["requestBody"]["content"]["application/json"]
    sample = media["example"]
    assert not schema_errors(DOCUMENT, media["schema"], sample)
    assert (sample["type"], sample["data"]["type"]) == (type, type)
    assert sample["timestamp"] == sample["data"]["occurredAt"]
    assert sample["data"]["object"]["id"] == sample["data"]["resourceId"]
    assert sample["data"]["object"]["version"] == sample["data"]["version"]
