"""The configurations in the guide for AI clients connect the official client to the service."""

import json
import sys
from pathlib import Path

import pytest

from api.docs.guides import guides
from tests.support.guide_blocks import answers
from tests.support.mcp_client import use_over_http, use_over_stdio

SCRIPT = str(Path(sys.executable).with_name("smartdhandha"))


@pytest.fixture
def configurations(service):
    guide = next(guide for guide in guides(service.url) if guide.slug == "ai-clients")
    return [json.loads(each) for each in answers(guide) if "servers" in each.lower() and "smartdhandha" in each]


async def list_names(client):
    return [tool.name for tool in (await client.list_tools()).tools]


def test_each_configuration_that_sends_headers_connects(configurations, organization):
    key = organization.new_key().raw
    entries = [(each.get("servers") or each["mcpServers"])["smartdhandha"] for each in configurations]
    remote = [entry for entry in entries if "url" in entry]
    assert len(remote) == 2
    for entry in remote:
        assert entry["url"] == f"{organization.url}/mcp"
        assert entry["headers"]["Authorization"] in ("Bearer sd_live_…", "Bearer ${input:key}")
        assert "listInvoices" in use_over_http(entry["url"].removesuffix("/mcp"), key, "auto", list_names)


def test_the_configuration_that_starts_a_program_connects(configurations, organization, tmp_path):
    (entry,) = [each["mcpServers"]["smartdhandha"] for each in configurations if "/path/to/" in json.dumps(each)]
    env = {**entry["env"], "SMARTDHANDHA_API_KEY": organization.new_key().raw}
    command = [entry["command"].replace("/path/to/smartdhandha", SCRIPT), *entry["args"]]
    assert "listInvoices" in use_over_stdio(env, tmp_path / "log", "auto", list_names, command)
