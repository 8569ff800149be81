"""A client of `/mcp` that sends single messages, so that tests see and change every byte."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx

from tests.support.client import Api

META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "tests", "version": "1"},
}
_IDS = count(1)


def message(method: str, **params: Any) -> dict[str, Any]:
    """Return a request of the revision 2026-07-28 with a new id."""
    return {"jsonrpc": "2.0", "id": next(_IDS), "method": method, "params": {**params, "_meta": META}}


def headers_for(body: dict[str, Any]) -> dict[str, str]:
    """Return the headers that a request of the revision 2026-07-28 needs."""
    name = body["params"].get("name")
    return {
        "MCP-Protocol-Version": "2026-07-28",
        "Mcp-Method": body["method"],
        **({"Mcp-Name": name} if name else {}),
    }


def post(api: Api, body: Any, headers: dict[str, str] | None = None) -> httpx.Response:
    """POST a body to `/mcp` with the key of the client."""
    return api.post(f"{str(api.base_url).removesuffix('/api/v1/')}/mcp", json=body, headers=headers or {})


def ask(api: Api, method: str, **params: Any) -> dict[str, Any]:
    """Send a request of the revision 2026-07-28, expect 200, and return the result."""
    body = message(method, **params)
    response = post(api, body, headers_for(body))
    assert response.status_code == 200, response.text
    answer = response.json()
    assert (answer["jsonrpc"], answer["id"]) == ("2.0", body["id"])
    result: dict[str, Any] = answer["result"]
    return result


def call(api: Api, tool: str, **arguments: Any) -> dict[str, Any]:
    """Call a tool, and return the result of the call."""
    return ask(api, "tools/call", name=tool, arguments=arguments)


def refusal(response: httpx.Response, status: int, code: int) -> dict[str, Any]:
    """Return the JSON-RPC error of a response, after checking its status and its code."""
    assert response.status_code == status, f"{response.status_code}: {response.text}"
    body = response.json()
    assert set(body) == {"jsonrpc", "id", "error"}
    error: dict[str, Any] = body["error"]
    assert error["code"] == code, error
    return error
