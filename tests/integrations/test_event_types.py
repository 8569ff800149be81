"""The connectors offer the types of events that the service has."""

import json
import re

import pytest

from projections.views.events import public_names
from tests.architecture.tree import ROOT

LISTS = {
    "zapier": "zapier/triggers.js",
    "n8n": "n8n-nodes-smartdhandha/nodes/SmartDhandhaTrigger.node.js",
}


@pytest.mark.parametrize("connector", LISTS)
def test_a_connector_offers_every_type_of_event(connector):
    source = (ROOT / "integrations" / LISTS[connector]).read_text(encoding="utf-8")
    (listed,) = re.findall(r"const TYPES = \[(.*?)\]", source, re.DOTALL)

    assert sorted(re.findall(r"'(.*?)'", listed)) == sorted(public_names())


def test_the_app_for_make_offers_every_type_of_event():
    params = (ROOT / "integrations/make/webhooks/events/events.params.iml.json").read_text(encoding="utf-8")
    (types,) = json.loads(params)
    assert sorted(option["value"] for option in types["options"]) == sorted(public_names())
