"""What could be read in two ways is refused: no Host, foreign blanks after a key, a path in a header."""

from hashlib import sha256

import httpx
import pytest

from tests.support.cases import all_cases
from tests.support.client import Api, error_of
from tests.support.raw_http import exchange, request

HOST = b"Host: localhost\r\n"


@all_cases("path", ["/api/v1/me", "/healthz", "/docs", "/login", "/nowhere", "http://localhost/healthz"])
@all_cases("sent", [b"", b"Host:\r\n", b"Host: \r\n"], ids=["none", "empty", "blank"])
def test_http_1_1_without_a_host_is_400(service, path, sent):
    """RFC 9112, section 3.2."""
    response = exchange(service.url, request(path).replace(HOST, sent))
    assert response.status == 400 and b"The header Host is missing" in response.body


def test_http_1_0_may_come_without_a_host(service):
    data = request("/api/v1/me").replace(HOST, b"").replace(b"HTTP/1.1", b"HTTP/1.0")
    assert exchange(service.url, data).code == "missing_credentials"


def test_the_links_of_a_response_never_lack_a_host(service):
    data = request("/nowhere").replace(HOST, b"Host:\r\n").replace(b"HTTP/1.1", b"HTTP/1.0")
    assert b'"docUrl":"http://localhost/docs/guides/errors' in exchange(service.url, data).body


def test_a_wrong_method_of_the_whole_server_needs_a_host_too(service):
    assert exchange(service.url, request("*", method="OPTIONS").replace(HOST, b"")).status == 400


BLANKS = {
    "no-break space": b"\xa0",
    "next line": b"\x85",
    "file separator": b"\x1c",
    "form feed": b"\x0c",
    "ideographic space": "\u3000".encode(),
}


@pytest.mark.parametrize("blank", BLANKS.values(), ids=BLANKS)
@pytest.mark.parametrize("where", ["before", "after"])
def test_a_key_ends_where_it_ends(organization, blank, where):
    raw = organization.new_key().raw.encode()
    presented = blank + raw if where == "before" else raw + blank
    data = request("/api/v1/me").replace(HOST, HOST + b"Authorization: Bearer " + presented + b"\r\n")
    response = exchange(organization.url, data)
    assert response.status in (400, 401) and response.code in ("invalid_parameter", "invalid_api_key")


@pytest.mark.parametrize("written", ["Bearer {}", "Bearer   {}", "Bearer \t{}\t ", "\tBearer {} "])
def test_blanks_and_tabs_around_it_are_allowed(organization, written):
    header = f"Authorization:{written.format(organization.new_key().raw)}"
    assert exchange(organization.url, request("/api/v1/me", header)).status == 200


PROXY_HEADERS = ["SCRIPT_NAME: /x", "SCRIPT-NAME: /x", "X-Script-Name: /x", "X-Forwarded-Prefix: /x", "PATH_INFO: /x"]


@pytest.mark.parametrize("header", PROXY_HEADERS)
def test_no_header_moves_a_path(service, header):
    assert exchange(service.url, request("/x/login", header)).status == 404
    response = exchange(service.url, request("/nowhere", header))
    assert response.status == 404 and b'"docUrl":"http://localhost/docs/' in response.body


METHOD_HEADERS = ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"]


@pytest.mark.parametrize("header", METHOD_HEADERS)
def test_no_header_changes_the_method(api, header):
    error_of(api.post("me", headers={header: "GET"}), 405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/API/V1/ME", "/api/v1/me;x=1", "/api/v1/./me", "/api/v1/x/../me", "/api/v1/%6De%00"])
def test_a_path_is_taken_as_it_is_written(organization, path):
    key = organization.new_key().raw
    response = exchange(organization.url, request(path, f"Authorization: Bearer {key}"))
    assert (response.status, response.code) == (404, "not_found")


KEY_ELSEWHERE = {
    "in the query": lambda key: ("/api/v1/me?api_key=" + key, []),
    "as the access token": lambda key: ("/api/v1/me?access_token=" + key, []),
    "in a cookie": lambda key: ("/api/v1/me", [f"Cookie: Authorization={key}"]),
    "in X-Api-Key": lambda key: ("/api/v1/me", [f"X-Api-Key: {key}"]),
    "for the proxy": lambda key: ("/api/v1/me", [f"Proxy-Authorization: Bearer {key}"]),
    "with Basic": lambda key: ("/api/v1/me", [f"Authorization: Basic {key}"]),
    "with Token": lambda key: ("/api/v1/me", [f"Authorization: Token {key}"]),
    "in a header with an underscore": lambda key: ("/api/v1/me", [f"HTTP_AUTHORIZATION: Bearer {key}"]),
}


@pytest.mark.parametrize("written", KEY_ELSEWHERE.values(), ids=KEY_ELSEWHERE)
def test_a_key_counts_in_its_own_header_alone(organization, written):
    path, headers = written(organization.new_key().raw)
    response = exchange(organization.url, request(path, *headers))
    assert (response.status, response.code) == (401, "missing_credentials")


CHANGED = {
    "lower case": str.lower,
    "upper case": str.upper,
    "its hash": lambda key: sha256(key.encode()).hexdigest(),
    "quoted": lambda key: f'"{key}"',
    "a list": lambda key: f"{key}, {key}",
    "digits of another alphabet": lambda key: key[:-1] + "\u0967",
    "a character more": lambda key: f"{key}0",
    "a character less": lambda key: key[:-1],
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_a_changed_key_is_no_key(organization, change):
    key = change(organization.new_key().raw).encode()
    data = request("/api/v1/me").replace(HOST, HOST + b"Authorization: Bearer " + key + b"\r\n")
    response = exchange(organization.url, data)
    assert (response.status, response.code) == (401, "invalid_api_key")


@pytest.mark.parametrize("protocol", ["h2c", "websocket"])
def test_no_upgrade_passes_the_key(service, protocol):
    headers = (f"Upgrade: {protocol}", "HTTP2-Settings: AAMAAABkAAQAAP__")
    data = request("/api/v1/me", *headers).replace(b"Connection: close", b"Connection: Upgrade, close")
    assert exchange(service.url, data).code == "missing_credentials"


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "get", "WEBSOCKET"])
def test_no_other_method_passes_the_key(organization, method):
    key = organization.new_key().raw
    response = exchange(organization.url, request("/api/v1/me", f"Authorization: Bearer {key}", method=method))
    assert response.status in (400, 405) and key.encode() not in response.body
    with Api(organization.url, key) as api:
        assert api.read("me")["credits"]["used"] == 0


def test_two_keys_are_refused_even_if_they_are_the_same(organization):
    header = f"Authorization: Bearer {organization.new_key().raw}"
    assert exchange(organization.url, request("/api/v1/me", header, header)).status == 400


def test_an_absolute_target_needs_its_key_too(service):
    assert exchange(service.url, request(f"{service.url}/api/v1/me")).code == "missing_credentials"
    assert httpx.get(f"{service.url}/api/v1/me", trust_env=False).status_code == 401
