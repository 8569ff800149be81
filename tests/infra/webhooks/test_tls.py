"""Deliveries over TLS: the connection goes to the checked address, and the name stays in SNI, certificate and Host."""

import inspect
import ssl
from ipaddress import ip_network

import pytest

from infra.webhooks import client
from infra.webhooks.addresses import AddressGuard
from infra.webhooks.client import WebhookClient
from tests.support.certificates import write_certificates
from tests.support.coroutines import run_coroutine
from tests.support.receiver import Receiver

HOST = "hooks.example.in"
pytestmark = pytest.mark.process
LOOPBACK = [ip_network("127.0.0.0/8")]
GUARD = AddressGuard(LOOPBACK, allows_loopback=False, resolve=lambda *_: ["127.0.0.1"])


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
    (attempt,) = post_often(receiver, ca, host, GUARD, times=1)
    return attempt


def post_often(receiver, ca, host, guard, times):
    url = receiver.url.replace("127.0.0.1", host)

    async def send():
        sending = WebhookClient(guard, ca)
        try:
            return [await sending.post(url, {"webhook-id": "evt_1"}, b"{}") for _ in range(times)]
        finally:
            await sending.close()

    return run_coroutine(send())


def test_an_authority_of_ones_own_is_trusted_and_the_name_is_in_sni_and_host(receiver, certificates, names):
    attempt = post(receiver, certificates[0])

    assert (attempt.status, attempt.error) == (200, None)
    assert names == [HOST]
    (request,) = receiver.requests
    assert request.headers["host"] == receiver.url.split("/")[2].replace("127.0.0.1", HOST)


def test_a_name_is_resolved_once_and_again_only_with_a_new_check(receiver, certificates, monkeypatch):
    """The name leads to an allowed address first, and to a private one later, as that of an attacker would."""
    for seconds, statuses in ((client.ADDRESS_SECONDS, [200, 200]), (0, [200, None])):
        monkeypatch.setattr(client, "ADDRESS_SECONDS", seconds)
        addresses = iter(["127.0.0.1", "10.0.0.1"])
        guard = AddressGuard(LOOPBACK, allows_loopback=False, resolve=lambda *_, them=addresses: [next(them)])
        attempts = post_often(receiver, certificates[0], HOST, guard, times=2)
        assert [each.status for each in attempts] == statuses
    assert attempts[1].error == "the URL must not lead to a private, local or reserved address"
    assert len(receiver.requests) == 3


@pytest.mark.parametrize(("trusts", "host"), [(False, HOST), (True, "other.example.in")], ids=["authority", "name"])
def test_a_certificate_of_another_authority_or_for_another_name_is_refused(receiver, certificates, trusts, host):
    attempt = post(receiver, certificates[0] if trusts else None, host)

    assert attempt.status is None and attempt.error.startswith("the server's certificate is not valid: ")
    assert receiver.requests == []


def test_no_proxy_of_the_environment_gets_a_delivery(receiver, certificates, monkeypatch):
    """Seen red with the client of httpx, which follows the environment (`trust_env=True`)."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert post(receiver, certificates[0]).status == 200
