"""Which revision a request speaks, and that a request of the newest one agrees with its headers."""

import json

import pytest

from api.mcp.messages import HEADER_MISMATCH, INVALID_PARAMS, UNSUPPORTED_REVISION, RpcError, read_message
from api.mcp.revisions import NEGOTIATED, REVISIONS, STATELESS, revision_of
from tests.support.cases import all_cases
from tests.support.mcp import headers_for, message


def revision(body, headers):
    return revision_of(read_message(json.dumps(body).encode()), headers)


def refused(body, headers):
    with pytest.raises(RpcError) as caught:
        revision(body, headers)
    return caught.value


def older(method="tools/list", **params):
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


def test_a_request_of_the_newest_revision_names_it_in_its_body_and_in_a_header():
    body = message("tools/list")
    assert revision(body, headers_for(body)) == STATELESS


@pytest.mark.parametrize("named", NEGOTIATED)
def test_an_older_request_names_its_revision_in_a_header(named):
    assert revision(older(), {"MCP-Protocol-Version": named}) == named


def test_without_the_header_it_is_the_revision_before_the_header():
    assert revision(older(), {}) == "2025-03-26"


def test_an_unknown_revision_is_refused_with_those_that_are_known():
    error = refused(older(), {"MCP-Protocol-Version": "2030-01-01"})
    assert error.code == UNSUPPORTED_REVISION
    assert error.data == {"supported": REVISIONS, "requested": "2030-01-01"}


def test_an_unknown_stateless_revision_is_refused():
    body = message("tools/list")
    body["params"]["_meta"] = {**body["params"]["_meta"], "io.modelcontextprotocol/protocolVersion": "2030-01-01"}
    error = refused(body, {**headers_for(body), "MCP-Protocol-Version": "2030-01-01"})
    assert (error.code, error.data["requested"]) == (UNSUPPORTED_REVISION, "2030-01-01")


@pytest.mark.parametrize("missing", ["protocolVersion", "clientCapabilities"])
def test_a_stateless_request_describes_its_client(missing):
    body = message("tools/list")
    key = f"io.modelcontextprotocol/{missing}"
    body["params"]["_meta"] = {name: value for name, value in body["params"]["_meta"].items() if name != key}
    error = refused(body, headers_for(body))
    assert error.code == INVALID_PARAMS
    assert key in str(error)


@all_cases("name", ["MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"])
@all_cases("value", [None, "2025-06-18", "=?base64?!?="])
def test_headers_that_are_missing_or_differ_from_the_body_are_refused(name, value):
    body = message("tools/call", name="getAccount")
    headers = {key: text for key, text in headers_for(body).items() if key != name}
    error = refused(body, headers if value is None else {**headers, name: value})
    assert error.code == HEADER_MISMATCH
    assert name in str(error)


def test_the_name_in_the_header_may_be_written_in_base64():
    body = message("tools/call", name="getAccount")
    assert revision(body, {**headers_for(body), "Mcp-Name": "=?base64?Z2V0QWNjb3VudA==?="}) == STATELESS


def test_a_notification_needs_no_description():
    body = {"jsonrpc": "2.0", "method": "notifications/cancelled"}
    assert revision(body, {"MCP-Protocol-Version": STATELESS}) == STATELESS
    assert refused(body, {"MCP-Protocol-Version": "x"}).code == UNSUPPORTED_REVISION
