"""JSON-RPC messages: what is read, and what is refused."""

import pytest

from api.mcp.messages import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    MAX_MESSAGES,
    PARSE_ERROR,
    RpcError,
    id_of,
    read_body,
    read_message,
)
from tests.support.cases import all_cases


def code_of(read, *arguments):
    with pytest.raises(RpcError) as caught:
        read(*arguments)
    return caught.value.code


def test_a_request_has_an_id_and_a_notification_has_none():
    assert read_message(b'{"jsonrpc": "2.0", "id": 0, "method": "ping"}').request_id == 0
    assert read_message(b'{"jsonrpc": "2.0", "id": "a", "method": "ping"}').request_id == "a"
    assert read_message(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}').is_notification


@all_cases(
    "text",
    [
        b"7",
        b"{}",
        b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}',
        b'{"jsonrpc": "2.0", "id": null, "method": "ping"}',
        b'{"jsonrpc": "2.0", "id": true, "method": "ping"}',
        b'{"jsonrpc": "2.0", "id": 1}',
        b'{"jsonrpc": "2.0", "id": 1, "result": {}}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": [1]}',
    ],
)
def test_what_is_no_message_is_an_invalid_request(text):
    assert code_of(read_message, text) == INVALID_REQUEST


@pytest.mark.parametrize("text", [b"", b"{", b'"\xff"', b"[" * 100_000, b'{"a": 1} x'])
def test_what_is_no_json_is_a_parse_error(text):
    assert code_of(read_body, text) == PARSE_ERROR


def test_a_batch_is_read_as_its_messages():
    assert read_body(b' [{"id": 1}, 2]') == ([b'{"id": 1}', b"2"], True)
    assert read_body(b'{"id": 1}') == ([b'{"id": 1}'], False)


@pytest.mark.parametrize("count", [0, MAX_MESSAGES + 1])
def test_a_batch_has_a_limited_number_of_messages(count):
    assert code_of(read_body, b"[" + b",".join([b"1"] * count) + b"]") == INVALID_REQUEST


def test_the_id_of_a_malformed_request_is_found_if_it_has_one():
    assert id_of(b'{"id": "a", "method": 7}') == "a"
    assert (id_of(b'{"id": true}'), id_of(b'{"id": 1.5}'), id_of(b"[]"), id_of(b"{")) == (None, None, None, None)


def test_a_parameter_of_another_type_is_refused():
    message = read_message(b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": 7, "x": null}}')
    assert message.param("x", str) is None
    assert message.param("absent", str) is None
    assert code_of(message.param, "name", str) == INVALID_PARAMS
