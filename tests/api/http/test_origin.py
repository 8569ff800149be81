"""Hosts that can be part of a link, and links to the next page."""

import falcon.testing
import pytest

from api.http.origin import is_host, origin_of, url_with
from tests.support.cases import all_cases


@pytest.mark.parametrize("text", ["example.com", "example.com:8080", "127.0.0.1", "[::1]:80", "localhost", ""])
def test_a_host_with_or_without_a_port_can_be_in_a_url(text):
    assert is_host(text)


@all_cases("text", ["a b", "a/b", "a@b", "a:port", "a:123456", "[::1", "é.example", "a?b", "a#b"])
def test_what_is_no_host_cannot(text):
    assert not is_host(text)


def test_a_link_begins_with_the_host_that_was_called():
    assert origin_of(falcon.testing.create_req(host="api.example.com")) == "http://api.example.com"


def test_a_changed_parameter_replaces_the_one_of_the_request():
    req = falcon.testing.create_req(path="/api/v1/invoices", query_string="limit=2&cursor=a")
    url = url_with(req, "https://api.example.com", cursor="b&c")
    assert url == "https://api.example.com/api/v1/invoices?limit=2&cursor=b%26c"
