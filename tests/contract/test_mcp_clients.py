"""The official client of the protocol uses the service, over HTTP and over standard input and output."""

from functools import partial

import pytest

from api.mcp.tools import tools_of
from tests.support.command_line import environment
from tests.support.mcp_client import use_over_http, use_over_stdio
from tests.support.openapi import build_document
from tests.support.scenarios import invoice_body

REVISIONS = {"auto": "2026-07-28", "legacy": "2025-11-25"}
"""Which revision the client speaks to this service in each of its modes."""
TOOLS = tools_of(build_document())


def connection(transport, organization, tmp_path, key):
    """Return a function that runs another function with the official client, in a mode."""
    if transport == "http":
        return partial(use_over_http, organization.url, key)
    env = environment(SMARTDHANDHA_API_KEY=key, SMARTDHANDHA_URL=organization.url)
    return partial(use_over_stdio, env, tmp_path / "log")


@pytest.fixture(params=["http", "stdio"])
def connect(request, organization, tmp_path):
    return partial(connection, request.param, organization, tmp_path)


@pytest.mark.parametrize("mode", REVISIONS)
def test_the_official_client_lists_and_calls_tools(connect, organization, mode):
    api = organization.api()

    async def use(client):
        listed = await client.list_tools()
        created = await client.call_tool("createInvoice", invoice_body(clientName="Ünïon"))
        refused = await client.call_tool("getInvoice", {"id": "inv_none"})
        return client.protocol_version, client.server_info.name, listed.tools, created, refused

    revision, server, tools, created, refused = connect(api.key)(mode, use)
    assert (revision, server) == (REVISIONS[mode], "smartdhandha")
    assert [tool.name for tool in tools] == list(TOOLS)
    assert tools[0].annotations.read_only_hint is True
    assert not created.is_error
    assert api.read(f"invoices/{created.structured_content['data']['id']}") == created.structured_content["data"]
    assert refused.is_error
    assert refused.structured_content["error"]["code"] == "not_found"


def test_the_official_client_sees_why_a_key_is_refused(connect):
    async def use(client):
        raise AssertionError("a refused key lists no tools")

    with pytest.raises(BaseExceptionGroup) as caught:
        connect("sd_live_wrong")("auto", use)
    assert caught.group_contains(Exception, match="API key")
