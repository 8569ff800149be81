"""Bodies: which are read, and which are refused with what."""

import falcon.testing
import pytest

from api.http.body import MAX_BODY_BYTES, read_body
from api.http.errors import ApiError
from api.http.request import Request
from commands.fields import JsonNumber
from tests.support.cases import all_cases


def request_with(body, **headers):
    """A POST with this body."""
    env = falcon.testing.create_environ(
        method="POST", body=body, headers={"Content-Type": "application/json", **headers}
    )
    return Request(env)


def refusal(body, **headers):
    """The status and code with which the body is refused."""
    with pytest.raises(ApiError) as refused:
        read_body(request_with(body, **headers))
    return refused.value.status, refused.value.code


def test_a_number_with_a_fraction_keeps_its_digits():
    body = read_body(request_with(b'{"a": 10.10, "b": 3, "c": "x"}'))
    assert body == {"a": "10.10", "b": 3, "c": "x"}
    assert isinstance(body["a"], JsonNumber)


def test_the_body_stays_known_as_it_was_sent():
    req = request_with(b'{ "a":1}')
    read_body(req)
    assert req.context.body == b'{ "a":1}'


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "APPLICATION/JSON"])
def test_a_parameter_and_the_case_of_the_media_type_do_not_count(media_type):
    assert read_body(request_with(b"{}", **{"Content-Type": media_type})) == {}


@all_cases("body", [b"[]", b'"x"', b"3", b"null", b"{", b"", b'{"a": NaN}', b"\xff", b"[" * 100_000])
def test_what_is_not_a_json_object_is_malformed(body):
    assert refusal(body) == (400, "malformed_json")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded"])
def test_another_media_type_is_refused(media_type):
    assert refusal(b"{}", **{"Content-Type": media_type}) == (415, "unsupported_media_type")


def test_a_body_of_one_mebibyte_is_read_and_one_byte_more_is_not():
    largest = b'{"a": "' + b"x" * (MAX_BODY_BYTES - 9) + b'"}'
    assert len(largest) == MAX_BODY_BYTES
    assert read_body(request_with(largest))
    assert refusal(largest + b" ") == (413, "payload_too_large")
