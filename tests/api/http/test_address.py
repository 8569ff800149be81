"""By which address a caller is counted."""

import falcon.testing
import pytest

from api.http.address import ProxyDetection, address_of
from tests.support.cases import all_cases


@all_cases(
    ("told", "header", "address"),
    [
        ("203.0.113.7", None, "192.0.2.1"),
        ("203.0.113.7", "X-Forwarded-For", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "X-Forwarded-For", "203.0.113.7"),
        ("no address", "X-Forwarded-For", "192.0.2.1"),
        ("", "X-Forwarded-For", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "X-Forwarded-For", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "X-Forwarded-For", "fe80::/64"),
        ("::ffff:203.0.113.7", "X-Forwarded-For", "203.0.113.7"),
    ],
)
def test_the_address_is_the_peer_s_or_what_the_named_header_says_last(told, header, address):
    req = falcon.testing.create_req(remote_addr="192.0.2.1", headers={"X-Forwarded-For": told})
    assert address_of(req, header) == address


@pytest.mark.parametrize(
    ("peer", "headers", "is_proxy"),
    [
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"}, True),
        ("10.1.2.3", {"Via": "1.1 nginx"}, True),
        ("fd00::1", {"Forwarded": "for=203.0.113.7"}, True),
        ("127.0.0.1", {}, False),
        ("8.8.8.8", {"X-Forwarded-For": "203.0.113.7"}, False),
    ],
)
def test_a_forwarded_request_from_a_private_network_is_a_sign_of_a_proxy(peer, headers, is_proxy, caplog):
    detection = ProxyDetection()
    for _ in range(2):
        detection.process_request(falcon.testing.create_req(remote_addr=peer, headers=headers), falcon.Response())
    assert len(caplog.records) == is_proxy
