"""Hostile bodies: none causes a 5xx, and each is refused with the code of the contract."""

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import httpx

from tests.support.cases import all_cases
from tests.support.client import data_of, error_of
from tests.support.scenarios import LINE, draft_invoice, invoice_body

JSON = {"Content-Type": "application/json"}
MEBIBYTE = 1024 * 1024

MALFORMED = {
    "empty": b"",
    "blank": b" \n",
    "a list": b"[]",
    "null": b"null",
    "a text": b'"{}"',
    "a number": b"1",
    "truncated": b'{"clientId": "ac',
    "two objects": b"{} {}",
    "a trailing comma": b'{"clientId": "a",}',
    "single quotes": b"{'clientId': 'a'}",
    "a comment": b"{} // x",
    "NaN": b'{"notes": NaN}',
    "Infinity": b'{"notes": -Infinity}',
    "a plus": b'{"notes": +1}',
    "a leading zero": b'{"notes": 01}',
    "a raw control character": b'{"notes": "\x01"}',
    "a raw NUL": b'{"notes": "\x00"}',
    "deep lists": b'{"notes": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"notes":' * 50_000 + b"1" + b"}" * 50_000,
    "deep and truncated": b'{"items": ' + b"[" * 500_000,
    "a high surrogate": rb'{"notes": "\ud800"}',
    "a low surrogate": rb'{"notes": "\udc00"}',
    "surrogates the wrong way round": rb'{"notes": "\udc00\ud800"}',
    "a surrogate in a name": rb'{"\ud800": 1}',
    "a raw surrogate": b'{"notes": "\xed\xa0\x80"}',
    "a stray byte": b'{"notes": "\xff"}',
    "an overlong encoding": b'{"notes": "\xc0\xaf"}',
    "latin-1": '{"notes": "ü"}'.encode("latin-1"),
    "UTF-16": '{"notes": "a"}'.encode("utf-16"),
    "UTF-16 without a mark": '{"notes": "a"}'.encode("utf-16-le"),
    "UTF-32": '{"notes": "a"}'.encode("utf-32"),
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf{}",
    "a byte order mark after a blank": b" \xef\xbb\xbf{}",
    "a byte order mark alone": b"\xef\xbb\xbf",
    "a number of 6000 digits": b'{"notes": ' + b"1" * 6000 + b"}",
    "compressed": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
}


@all_cases("body", MALFORMED)
def test_a_body_that_is_not_a_json_object_in_utf_8_is_malformed(api, body):
    error_of(api.post("invoices", content=MALFORMED[body], headers=JSON), 400, "malformed_json")
    error_of(api.patch("invoices/x", content=MALFORMED[body], headers=JSON), 400, "malformed_json")


def test_a_byte_order_mark_before_the_json_is_skipped(api):
    for mark in (b"\xef\xbb\xbf", b"\xef\xbb\xbf \r\n\t"):
        content = mark + json.dumps(invoice_body()).encode()
        assert data_of(api.post("invoices", content=content, headers=JSON), 201)["clientName"] == "Acme Traders"
        path = f"invoices/{draft_invoice(api)['id']}"
        assert data_of(api.patch(path, content=mark + b'{"notes": "a"}', headers=JSON), 200)["notes"] == "a"


@all_cases(
    ("content", "problem"),
    [
        ("{}".encode("utf-16"), "UTF-16"),
        ("\ufeff{}".encode("utf-16-be"), "UTF-16"),
        ("{}".encode("utf-16-le"), "zero bytes"),
        ("{}".encode("utf-16-be"), "zero bytes"),
        ("{}".encode("utf-32"), "UTF-32"),
        ("\ufeff{}".encode("utf-32-be"), "UTF-32"),
        (gzip.compress(b"{}", mtime=0), "compressed"),
        (b"\x28\xb5\x2f\xfd\x00", "compressed"),
        ('{"notes": "Caf\u00e9"}'.encode("latin-1"), "not in UTF-8 (see byte 14,"),
        ('{"notes": "\u0441\u0447\u0451\u0442"}'.encode("cp1251"), "not in UTF-8 (see byte 11,"),
        ('{"notes": "a", "\u00fc": 1}'.encode("latin-1"), "not in UTF-8 (see byte 16,"),
        (b'{"notes": \xff}', "not in UTF-8 (see byte 10,"),
        (b'{"notes": "\xed\xa0\x80"}', "not in UTF-8 (see byte 11,"),
    ],
)
def test_a_body_that_is_no_text_in_utf_8_is_told_so(api, content, problem):
    error = error_of(api.post("invoices", content=content, headers=JSON), 400, "malformed_json")
    assert problem in error["message"]


@all_cases(
    "coding",
    [
        "gzip",
        "x-gzip",
        "GZip",
        "br",
        "deflate",
        "compress",
        "zstd",
        "aws-chunked",
        "gzip, br",
        "identity, gzip",
        "\u00ff",
    ],
)
@all_cases("path", ["invoices", "bills", "leaves", "invoices/x/payments"])
def test_an_encoded_body_is_refused_and_told_which_encoding_is_taken(api, path, coding):
    headers = {**JSON, "Content-Encoding": coding.encode("latin-1")}
    response = api.post(path, content=gzip.compress(b"{}", mtime=0), headers=headers)
    error_of(response, 415, "unsupported_media_type")
    assert response.headers["Accept-Encoding"] == "identity"


@all_cases("coding", ["identity", "Identity", "", "identity, identity"])
def test_an_encoding_that_is_none_is_accepted(api, coding):
    headers = {**JSON, "Content-Encoding": coding}
    data_of(api.post("invoices", content=json.dumps(invoice_body()).encode(), headers=headers), 201)


def test_a_wrong_media_type_says_nothing_of_encodings(api):
    response = api.post("invoices", content=b"{}", headers={"Content-Type": "text/plain"})
    assert "Accept-Encoding" not in response.headers


def test_an_encoding_on_a_request_without_a_body_does_not_matter(api):
    assert api.get("invoices", headers={"Content-Encoding": "gzip"}).status_code == 200


@all_cases("charset", ["utf-16", "iso-8859-1", '"UTF-32"', "windows-1252", "latin1", "utf-7"])
def test_another_character_set_is_refused(api, charset):
    headers = {"Content-Type": f"application/json; charset={charset}"}
    error = error_of(api.post("invoices", content=b"{}", headers=headers), 415, "unsupported_media_type")
    assert "UTF-8" in error["message"]


WRONG = {
    "U+0000": ("notes", rb'{"notes": "a\u0000b"}'),
    "U+0000 in a name": ("a\0", rb'{"a\u0000": 1}'),
    "a huge whole number": ("notes", b'{"notes": ' + b"9" * 4000 + b"}"),
    "a huge exponent": ("notes", b'{"notes": 1e99999}'),
    "an object": ("notes", b'{"notes": {"$gt": ""}}'),
    "a text of 5001": ("notes", json.dumps({"notes": "ü" * 5001}).encode()),
    "10 000 items": ("items", json.dumps({"items": [LINE] * 10_000}).encode()),
    "a name of 100 000": (f"{'a' * 200}…", json.dumps({"a" * 100_000: 1}).encode()),
    "__proto__": ("__proto__", b'{"__proto__": {}}'),
}


@all_cases("body", WRONG)
def test_json_of_a_wrong_type_is_named_by_its_field(api, body):
    field, content = WRONG[body]
    response = api.patch(f"invoices/{draft_invoice(api)['id']}", content=content, headers=JSON)
    assert response.status_code == 422, response.text
    assert [detail["field"] for detail in response.json()["error"]["details"]] == [field]


@all_cases("count, others", [(101, "2"), (999, "900"), (1000, "at least 901"), (10_000, "at least 901")])
def test_of_many_unknown_fields_the_first_99_are_named_and_the_others_counted(api, count, others):
    names = [f"field{number}" for number in range(count)]
    response = api.patch(f"invoices/{draft_invoice(api)['id']}", json=dict.fromkeys(names, 1))
    *named, last = error_of(response, 422, "unknown_field")["details"]
    assert [detail["field"] for detail in named] == names[:99]
    assert (last["field"], last["message"].partition(";")[0]) == ("", f"{others} more are wrong")


def test_of_duplicate_keys_the_last_counts(api):
    path = f"invoices/{draft_invoice(api)['id']}"
    content = b'{"notes": {"wrong": 1}, "dueDate": "x", "notes": "right", "dueDate": "2099-06-01"}'
    after = data_of(api.patch(path, content=content, headers=JSON), 200)
    assert (after["notes"], after["dueDate"]) == ("right", "2099-06-01")


def test_every_other_unicode_character_is_returned_unchanged(api):
    notes = "\x01\x7f\x85\u2028\ufffe\ufeffüक्ष😀\U0010ffff \"'\\/<>&\r\n\t"
    invoice = draft_invoice(api, notes=notes)
    assert api.read(f"invoices/{invoice['id']}")["notes"] == invoice["notes"] == notes


OTHER_TYPES = [
    *("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp", "json", "", "*/*"),
    *("application/json-patch+json", "application/merge-patch+json", "application/vnd.api+json"),
]


@all_cases("media_type", OTHER_TYPES)
def test_another_content_type_is_refused(api, media_type):
    response = api.post("invoices", content=b"{}", headers={"Content-Type": media_type})
    error_of(response, 415, "unsupported_media_type")


OWN_TYPES = [
    *("application/json; charset=utf-8", "Application/JSON", "application/json ;x=1", "application/json;"),
    *('application/json; charset="UTF-8"', "application/json;Charset=UTF8", "application/json; charset=us-ascii"),
]


@all_cases("media_type", OWN_TYPES)
def test_a_content_type_may_have_parameters(api, media_type):
    content = json.dumps(invoice_body()).encode()
    data_of(api.post("invoices", content=content, headers={"Content-Type": media_type}), 201)


def in_chunks(size: int) -> Iterator[bytes]:
    for start in range(0, size, 65536):
        yield b" " * min(65536, size - start)


def padded(size: int) -> bytes:
    return json.dumps(invoice_body()).encode().ljust(size)


def test_a_body_of_one_mebibyte_is_accepted_and_one_byte_more_is_not(api):
    data_of(api.post("invoices", content=padded(MEBIBYTE), headers=JSON), 201)
    error_of(api.post("invoices", content=padded(MEBIBYTE + 1), headers=JSON), 413, "payload_too_large")


def test_a_chunked_body_is_limited_too(api):
    data_of(api.post("invoices", content=iter([padded(MEBIBYTE)]), headers=JSON), 201)
    error_of(api.post("invoices", content=iter([padded(MEBIBYTE + 1)]), headers=JSON), 413, "payload_too_large")
    error_of(api.post("invoices", content=in_chunks(3 * MEBIBYTE), headers=JSON), 413, "payload_too_large")


def test_the_connection_can_be_used_after_a_refused_body(api, organization):
    refused: dict[int, dict[str, Any]] = {
        400: {"content": b"{", "headers": JSON},
        413: {"content": padded(5 * MEBIBYTE), "headers": JSON},
        415: {"content": padded(MEBIBYTE), "headers": {"Content-Type": "text/plain"}},
    }
    with one_connection(organization) as connection:
        for status, request in refused.items():
            draft = api.build_request("POST", "invoices", **request)
            connection.request("POST", draft.url.raw_path.decode(), draft.read(), dict(draft.headers))
            response = connection.getresponse()
            assert (response.status, response.read()[:16]) == (status, b'{"success":false')


def test_a_broken_chunk_is_malformed(api, organization):
    with one_connection(organization) as connection:
        connection.putrequest("POST", "/api/v1/invoices")
        headers = {**JSON, "Authorization": f"Bearer {api.key}", "Transfer-Encoding": "chunked"}
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(b"zz\r\n{}\r\n0\r\n\r\n")
        response = connection.getresponse()
        assert (response.status, json.load(response)["error"]["code"]) == (400, "malformed_json")


def one_connection(organization) -> closing[HTTPConnection]:
    """A connection that is never replaced by another in silence."""
    url = httpx.URL(organization.url)
    return closing(HTTPConnection(url.host, url.port, timeout=30))
