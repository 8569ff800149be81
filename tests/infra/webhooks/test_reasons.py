"""What an attempt says when there was no response: a sentence for the owner of the receiver."""

import asyncio
import socket

import pytest

from infra.webhooks.addresses import AddressGuard
from infra.webhooks.client import WebhookClient
from tests.support.coroutines import run_coroutine

pytestmark = pytest.mark.process


def attempt(url, resolve=None):
    """Post to a URL, and return the attempt."""

    async def send():
        client = WebhookClient(AddressGuard((), allows_loopback=True, resolve=resolve))
        try:
            return await client.post(url, {}, b"{}")
        finally:
            await client.close()

    return send()


async def to_server(scheme, talk):
    """Post to a server that does `talk` with each connection."""

    async def serve(reader, writer):
        await reader.read(1024)
        talk(writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        return await attempt(f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/")


def unknown(host, port):
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def free_port():
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return opened.getsockname()[1]


CASES = {
    "name": (lambda: attempt("https://hooks.example.in/", unknown), "the name of the server is not known"),
    "refused": (lambda: attempt(f"http://127.0.0.1:{free_port()}/"), "the server refused the connection"),
    "closed": (
        lambda: to_server("http", lambda _: None),
        "the server did not respond as HTTP requires: Server disconnected without sending a response",
    ),
    "not HTTP": (
        lambda: to_server("http", lambda writer: writer.write(b"hello\r\n\r\n")),
        "the server did not respond as HTTP requires: illegal status line",
    ),
    "not TLS": (
        lambda: to_server("https", lambda writer: writer.write(b"HTTP/1.1 200 OK\r\n\r\n")),
        "the server does not speak TLS as expected",
    ),
}


@pytest.mark.parametrize(("send", "error"), CASES.values(), ids=CASES)
def test_an_attempt_without_a_response_says_why_in_plain_words(send, error):
    found = run_coroutine(send())
    assert found.status is None and found.error.startswith(error)
