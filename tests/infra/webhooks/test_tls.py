"""Deliveries over TLS: the connection goes to the checked address, and the name stays in SNI, certificate and Host."""

import inspect
import ssl
from ipaddress import ip_network

import pytest

from infra.webhooks.addresses import AddressGuard
from infra.webhooks.client import WebhookClient
from tests.support.certificates import write_certificates
from tests.support.coroutines import run_coroutine
from tests.support.receiver import Receiver

HOST = "hooks.example.in"
pytestmark = pytest.mark.process
GUARD = AddressGuard([ip_network("127.0.0.0/8")], allows_loopback=False, resolve=lambda *_: ["127.0.0.1"])


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return write_certificates(tmp_path_factory.mktemp("certificates"), HOST)


@pytest.fixture(autouse=True)
def own_tls_context(monkeypatch):
    """Give each client a TLS context of its own, as in production: what one trusts is not for others."""
    monkeypatch.setattr(ssl, "create_default_context", inspect.unwrap(ssl.create_default_context))


@pytest.fixture
def names():
    """The names that clients have asked the receiver for."""
    return []


@pytest.fixture
def receiver(certificates, names):
    """A receiver with TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates[1])
    with Receiver(tls=context) as running:
        context.sni_callback = lambda _socket, name, _context: names.append(name)
        yield running


def post(receiver, ca, host=HOST):
    url = receiver.url.replace("127.0.0.1", host)

    async def send():
        client = WebhookClient(GUARD, ca)
        try:
            return await client.post(url, {"webhook-id": "evt_1"}, b"{}")
        finally:
            await client.close()

    return run_coroutine(send())


def test_an_authority_of_ones_own_is_trusted_and_the_name_is_in_sni_and_host(receiver, certificates, names):
    attempt = post(receiver, certificates[0])

    assert (attempt.status, attempt.error) == (200, None)
    assert names == [HOST]
    (request,) = receiver.requests
    assert request.headers["host"] == receiver.url.split("/")[2].replace("127.0.0.1", HOST)


@pytest.mark.parametrize(("trusts", "host"), [(False, HOST), (True, "other.example.in")], ids=["authority", "name"])
def test_a_certificate_of_another_authority_or_for_another_name_is_refused(receiver, certificates, trusts, host):
    attempt = post(receiver, certificates[0] if trusts else None, host)

    assert attempt.status is None and attempt.error.startswith("the server's certificate is not valid: ")
    assert receiver.requests == []


def test_no_proxy_of_the_environment_gets_a_delivery(receiver, certificates, monkeypatch):
    """Seen red with a client that follows the environment (`trust_env=True`)."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert post(receiver, certificates[0]).status == 200
