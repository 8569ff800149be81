"""`smartdhandha mcp`: lines of an AI client are sent to the service, and its answers are written as lines."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from infra.cli.clients.bridge import Bridge
from tests.support.command_line import environment, run
from tests.support.mcp import message
from tests.support.ports import free_address
from tests.support.scenarios import draft_invoice


@contextmanager
def bridge_to(url, key="sd_live_x"):
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False) as client:
        yield Bridge(client)


@pytest.fixture
def bridge(organization):
    with bridge_to(organization.url, organization.new_key().raw) as made:
        yield made


@pytest.fixture
def lost_bridge():
    """A bridge to a service that does not run."""
    with bridge_to(f"http://{free_address()}") as made:
        yield made


def answer(bridge, body):
    """Return the answer to a message, which is one line."""
    line = bridge.answer(body if isinstance(body, bytes) else json.dumps(body).encode() + b"\n")
    assert line is not None
    assert b"\n" not in line
    return json.loads(line)


def test_without_a_key_the_command_says_where_it_belongs():
    assert "SMARTDHANDHA_API_KEY" in run("mcp", env=environment(), status=2).err


def test_a_message_of_the_newest_revision_gets_its_headers(bridge):
    body = message("tools/call", name="getAccount", arguments={})
    replied = answer(bridge, body)
    assert replied["id"] == body["id"]
    assert replied["result"]["structuredContent"]["data"]["organization"]["name"] == "Test Traders"


def test_a_name_that_no_header_can_hold_is_written_in_base64(bridge):
    assert answer(bridge, message("tools/call", name="ключ"))["error"]["code"] == -32602


def test_after_initialize_messages_are_of_the_agreed_revision(bridge):
    def older(method, **params):
        return {"jsonrpc": "2.0", "id": "a", "method": method, "params": params}

    agreed = answer(bridge, older("initialize", protocolVersion="2025-03-26"))["result"]["protocolVersion"]
    assert agreed == "2025-03-26"
    assert [each["id"] for each in answer(bridge, [older("ping")])] == ["a"]
    answer(bridge, older("initialize", protocolVersion="2025-06-18"))
    assert answer(bridge, [older("ping")])["error"]["code"] == -32600


def test_a_notification_has_no_answer(bridge, lost_bridge):
    assert bridge.answer(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}\n') is None
    assert lost_bridge.answer(b'{"jsonrpc": "2.0", "method": "notifications/cancelled"}\n') is None


def test_what_is_no_message_is_an_error(bridge):
    assert answer(bridge, b"{\n")["error"]["code"] == -32700


def test_a_refused_key_is_an_error_with_the_id_of_the_request(organization):
    with bridge_to(organization.url) as bridge:
        replied = answer(bridge, {"jsonrpc": "2.0", "id": "a", "method": "ping"})
    assert (replied["id"], replied["error"]["data"]["code"]) == ("a", "invalid_api_key")


@pytest.mark.process
def test_a_service_that_does_not_answer_is_an_error_of_the_request(lost_bridge):
    replied = answer(lost_bridge, message("tools/list"))
    assert "not known whether it was made" in replied["error"]["message"]


@pytest.mark.process
def test_another_service_is_an_error_of_the_request():
    class Page(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_error(502)

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        with bridge_to(f"http://127.0.0.1:{server.server_port}") as bridge:
            replied = answer(bridge, message("tools/list"))
    assert "status 502" in replied["error"]["message"]


def test_texts_pass_unchanged(bridge, api):
    invoice = draft_invoice(api, clientName="Ünïon\u2028Traders")
    result = answer(bridge, message("tools/call", name="getInvoice", arguments={"id": invoice["id"]}))["result"]
    assert result["structuredContent"]["data"]["clientName"] == "Ünïon\u2028Traders"
