"""How requests are told apart: what could be read in two ways is refused, and nothing has a size without a bound."""

import pytest

from infra.server.http.heads import UnreadableRequest
from infra.server.http.requests import RequestReader
from tests.support.cases import all_cases
from tests.support.framing import CHUNKED, READABLE, UNREADABLE

STEPS = (1, 2, 7, 100_000)


def bodies(data, step):
    """Return the bodies of the requests in the data, which arrives in pieces of so many bytes."""
    reader, result = RequestReader({}, {}), []
    for start in range(0, len(data), step):
        reader.received += data[start : start + step]
        while (request := reader.next()) is not None:
            result.append(request.environ["wsgi.input"].read())
    return result


def environ_of(reader):
    """Return the environ of the next request."""
    request = reader.next()
    assert request is not None
    return request.environ


@all_cases("data", UNREADABLE.values(), ids=UNREADABLE)
@all_cases("step", STEPS)
def test_what_could_be_read_in_two_ways_is_refused(data, step):
    with pytest.raises(UnreadableRequest):
        bodies(data, step)


@all_cases(("data", "body"), READABLE.values(), ids=READABLE)
@all_cases("step", STEPS)
def test_a_body_ends_where_it_says_and_the_next_request_follows(data, body, step):
    assert bodies(data * 2 + READABLE["a length"][0], step) == [body, body, b"abc"]


def test_a_chunked_body_is_read_to_its_limit_and_the_connection_ends():
    reader = RequestReader({}, {})
    reader.received += CHUNKED + b"FFFFF0\r\n" + b"x" * 2_000_000
    request = reader.next()
    assert request is not None
    assert len(request.environ["wsgi.input"].read()) == 1024 * 1024 + 1 and not request.keeps_alive


def test_a_proxy_s_header_tells_the_scheme_only_where_it_is_trusted():
    data = b"GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n\r\n"
    for schemes, scheme in ({"HTTP_X_FORWARDED_PROTO": "https"}, "https"), ({}, "http"):
        reader = RequestReader({}, schemes)
        reader.received += data
        assert environ_of(reader)["wsgi.url_scheme"] == scheme


def test_a_header_whose_name_could_stand_for_another_one_is_left_out():
    reader = RequestReader({}, {})
    reader.received += b"GET / HTTP/1.1\r\nHost: a\r\nX_Forwarded_For: 1\r\nSCRIPT_NAME: /x\r\n\r\n"
    environ = environ_of(reader)
    assert "HTTP_X_FORWARDED_FOR" not in environ and "HTTP_SCRIPT_NAME" not in environ
