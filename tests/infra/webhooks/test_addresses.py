"""A webhook reaches public addresses only, whatever its URL says and whatever its name resolves to."""

import ipaddress
from base64 import urlsafe_b64encode

import pytest

from domain.reading import InvalidValue
from domain.reading.webhook_url import parse_target
from infra.settings import load
from infra.webhooks.addresses import AddressGuard, AddressRefused, resolve_host
from infra.webhooks.of_settings import address_guard
from tests.architecture.tree import ROOT
from tests.support.cases import all_cases

REFUSED_ADDRESSES = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104 -- nothing listens here
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.1",
    "192.168.0.1",
    "192.168.255.255",
    "169.254.169.254",
    "169.254.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::7f00:1",
    "::ffff:0:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2001::1",
    "100::1",
]
REFUSED_URLS = [
    "http://example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "https:///hooks",
    "https://",
    "https://user@example.com/",
    "https://user:secret@example.com/",
    "https://example.com@127.0.0.1/",
    "https://[fe80::1%25eth0]/",
    "https://[fe80::1%eth0]/",
    "https://example.com:0/",
    "https://example.com:99999/",
    "https://example.com/#here",
    "https://exa\\mple.com/",
    "https://example.com\\@127.0.0.1/",
    "https://-example.com/",
    "https://.example.com/",
    "//example.com/",
    "https://exämple.com/",
    "https://[::1/",
    "javascript:alert(1)",
]
REFUSED_SPELLINGS = [
    "https://127.1/",
    "https://0177.0.0.1/",
    "https://0x7f.0.0.1/",
    "https://2130706433/",
    "https://0/",
    "https://[::ffff:7f00:1]/",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://017700000001/",
    "https://0xA9FEA9FE/",
]


def guard(*addresses, allowed=(), allows_loopback=False):
    """Return a guard for which each name resolves to these addresses."""
    networks = [ipaddress.ip_network(each) for each in allowed]
    return AddressGuard(networks, allows_loopback, lambda *_: addresses)


@all_cases("address", REFUSED_ADDRESSES)
def test_an_address_that_is_not_public_is_refused(address):
    with pytest.raises(AddressRefused, match="private, local or reserved"):
        guard(address).resolve(parse_target("https://rebind.example.com/"))


@all_cases("url", REFUSED_URLS)
def test_a_url_with_more_than_a_public_host_is_refused(url):
    with pytest.raises((InvalidValue, AddressRefused)):
        guard("93.184.216.34").resolve(parse_target(url))


@all_cases("url", REFUSED_SPELLINGS)
def test_a_host_is_judged_by_what_the_system_makes_of_it(url):
    with pytest.raises((AddressRefused, OSError)):
        AddressGuard((), allows_loopback=False, resolve=resolve_host).resolve(parse_target(url))


def test_one_private_address_among_several_is_enough():
    with pytest.raises(AddressRefused):
        guard("93.184.216.34", "10.0.0.1").resolve(parse_target("https://example.com/"))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_a_public_address_is_returned(address):
    found = guard(address).resolve(parse_target("https://example.com/"))
    assert ipaddress.ip_address(found) == ipaddress.ip_address(address)


@all_cases(
    ("name", "value", "is_allowed"),
    [
        ("PUBLIC_URL", "https://api.example.in", False),
        ("PUBLIC_URL", "http://127.0.0.1:8000", True),
        ("PUBLIC_URL", "http://localhost:8000", True),
        ("ADDRESS_HEADER", "X-Real-IP", False),
        ("SIGNUP", "open", False),
        ("SIGNUP", "invite", True),
    ],
)
def test_a_service_that_others_use_through_a_proxy_may_not_call_loopback(name, value, is_allowed):
    mails = {"SMARTDHANDHA_SMTP_URL": "smtp://127.0.0.1:1025?starttls=no", "SMARTDHANDHA_MAIL_FROM": "a@example.in"}
    needed = {**mails, "SMARTDHANDHA_PUBLIC_URL": "http://localhost:8000"} if value == "open" else {}
    guard_of = address_guard(load({"SMARTDHANDHA_BIND": "127.0.0.1:8000", **needed, f"SMARTDHANDHA_{name}": value}))
    assert is_resolved(guard_of, "http://127.0.0.1:5000/") is is_allowed


def test_an_operator_can_let_webhooks_call_loopback():
    names = {"ADDRESS_HEADER": "X-Real-IP", "WEBHOOK_ALLOW": "127.0.0.0/8"}
    of_settings = address_guard(load({f"SMARTDHANDHA_{name}": value for name, value in names.items()}))
    assert is_resolved(of_settings, "http://127.0.0.1:5000/") and not is_resolved(of_settings, "http://10.0.0.1/")


@pytest.mark.parametrize("file", ["deploy/smartdhandha.env"])
def test_the_settings_of_a_deployment_do_not_let_webhooks_call_loopback(file):
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    values["SMARTDHANDHA_SECRET_KEY"] = urlsafe_b64encode(bytes(32)).decode()
    assert not is_resolved(address_guard(load(values)), "http://127.0.0.1:5000/")


@all_cases(
    ("bind", "is_allowed"),
    [
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("localhost:8000", True),
        ("0.0.0.0:8000", False),
        ("[::]:8000", False),
        ("192.0.2.7:8000", False),
        ("books.example.in:8000", False),
    ],
)
def test_only_a_service_that_listens_on_loopback_may_call_loopback(bind, is_allowed):
    of_settings = address_guard(
        load({"SMARTDHANDHA_BIND": bind, "SMARTDHANDHA_WEBHOOK_ALLOW": "10.2.0.0/16,fd12::/16"})
    )
    for url in ("http://127.0.0.1:5000/", "https://[::1]/"):
        assert is_resolved(of_settings, url) is is_allowed
    assert is_resolved(of_settings, "https://10.2.0.1/") and is_resolved(of_settings, "https://[fd12::1]/")
    assert not is_resolved(of_settings, "http://10.2.0.1/") and not is_resolved(of_settings, "https://10.3.0.1/")


def is_resolved(of_settings, url):
    try:
        return bool(of_settings.resolve(parse_target(url)))
    except AddressRefused:
        return False


def test_a_network_of_ones_own_can_be_allowed_with_tls_only():
    own = guard("10.2.3.4", allowed=["10.2.0.0/16"])
    assert own.resolve(parse_target("https://hooks.internal/")) == "10.2.3.4"
    with pytest.raises(AddressRefused, match="https"):
        own.resolve(parse_target("http://hooks.internal/"))
    with pytest.raises(AddressRefused):
        guard("10.3.3.4", allowed=["10.2.0.0/16"]).resolve(parse_target("https://hooks.internal/"))


def test_a_service_on_loopback_can_reach_loopback_without_tls():
    own = guard("127.0.0.1", allows_loopback=True)
    assert own.resolve(parse_target("http://localhost:5000/hooks")) == "127.0.0.1"
    with pytest.raises(AddressRefused):
        guard("10.0.0.1", allows_loopback=True).resolve(parse_target("http://internal/"))


def test_a_name_that_is_not_known_yet_can_be_registered():
    def unknown(*_):
        raise OSError("no such host")

    AddressGuard((), allows_loopback=False, resolve=unknown).check(parse_target("https://soon.example.com/"))
    with pytest.raises(AddressRefused):
        AddressGuard((), allows_loopback=True, resolve=unknown).check(parse_target("http://soon.example.com/"))


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://Example.com/hooks?x=1", ("https", "example.com", 443)),
        ("https://example.com:8443", ("https", "example.com", 8443)),
        ("http://[::1]:5000/", ("http", "::1", 5000)),
    ],
)
def test_a_url_says_where_it_leads(url, target):
    assert parse_target(url) == target
