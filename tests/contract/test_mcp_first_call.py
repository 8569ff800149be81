"""The first call of a tool in a process makes all tools, which may take longer than a request has."""

import time

import pytest
from falcon import testing

import api.ports.request.deadline as deadline
from api.mcp.tools import tools_of
from infra.bootstrap import app_on
from tests.support.scenarios import draft_invoice

MESSAGE = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}


@pytest.fixture
def slow_tools(monkeypatch):
    """Let the tools take twice the time that a request has."""
    make = tools_of

    def make_slowly(document):
        end = time.monotonic() + 2 * deadline.ANSWER_SECONDS
        while time.monotonic() < end:
            made = make(document)
        return made

    monkeypatch.setattr(deadline, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr("api.mcp.routes.tools_of", make_slowly)


def test_the_first_call_is_not_refused_for_want_of_time(slow_tools, pool, api, organization):
    invoice, headers = draft_invoice(api), {"Authorization": f"Bearer {api.key}", "Host": "localhost"}
    message = {**MESSAGE, "params": {"name": "getInvoice", "arguments": {"id": invoice["id"]}}}
    client = testing.TestClient(app_on(pool), headers=headers)
    answer = client.simulate_post("/mcp", json=message, extras={deadline.ARRIVED: time.monotonic()})
    assert answer.json["result"]["structuredContent"]["status"] == 200, answer.text
