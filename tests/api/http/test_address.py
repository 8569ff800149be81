"""By which address a caller is counted."""

import falcon.testing
import pytest

from api.http.address import address_of


@pytest.mark.parametrize(
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
