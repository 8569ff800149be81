"""How requests are told apart: what could be read in two ways is refused, and nothing has a size without a bound."""

import pytest

from infra.server.http.heads import UnreadableRequest
from infra.server.http.requests import RequestReader

POST = b"POST /x HTTP/1.1\r\nHost: a\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"

UNREADABLE = {
    "length and chunks": POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    "two different lengths": POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "a list of lengths": POST + b"Content-Length: 3, 3\r\n\r\nabc",
    "a signed length": POST + b"Content-Length: +3\r\n\r\nabc",
    "a negative length": POST + b"Content-Length: -3\r\n\r\nabc",
    "a hexadecimal length": POST + b"Content-Length: 0x3\r\n\r\nabc",
    "a length with a blank inside": POST + b"Content-Length: 1 3\r\n\r\nabc",
    "an unknown coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n",
    "stacked codings": POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "a coding before chunks": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "two coding headers": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "identity": POST + b"Transfer-Encoding: identity\r\n\r\n",
    "chunks on HTTP/1.0": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a vertical tab in the coding": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "a blank before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a header on two lines": POST + b"X: a\r\n b\r\n\r\n",
    "a line ended by LF alone": POST + b"X: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a bare carriage return": POST + b"X: a\rb\r\n\r\n",
    "U+0000 in a header": POST + b"X: a\x00\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "HTTP/2.0": b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    "a lower-case method": b"get / HTTP/1.1\r\nHost: a\r\n\r\n",
    "the PROXY protocol": b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\nGET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "two media types": POST + b"Content-Type: a/b\r\nContent-Type: c/d\r\n\r\n",
    "two keys": POST + b"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
    "two keys of a retry": POST + b"Idempotency-Key: a\r\nIdempotency-Key: b\r\n\r\n",
    "one key of a retry twice": POST + b"Idempotency-Key: a\r\nidempotency-key: a\r\n\r\n",
    "an unknown expectation": POST + b"Expect: more\r\n\r\n",
    "a chunk size that is no number": CHUNKED + b"zz\r\n",
    "a signed chunk size": CHUNKED + b"+1\r\na\r\n0\r\n\r\n",
    "a chunk size with 0x": CHUNKED + b"0x1\r\na\r\n0\r\n\r\n",
    "a chunk size with an underscore": CHUNKED + b"1_0\r\n",
    "a huge chunk size": CHUNKED + b"1" * 17 + b"\r\n",
    "an empty chunk size": CHUNKED + b"\r\n",
    "a chunk that is too long": CHUNKED + b"1\r\nab\r\n0\r\n\r\n",
    "LF in a chunk extension": CHUNKED + b"1;\nx\r\na\r\n0\r\n\r\n",
    "a chunk extension without end": CHUNKED + b"1;" + b"x" * 5000,
    "many chunk extensions": CHUNKED + (b"1;" + b"x" * 4000 + b"\r\na\r\n") * 5,
    "trailers without end": CHUNKED + b"0\r\n" + b"X: " + b"x" * 9000,
    "many trailers": CHUNKED + b"0\r\n" + b"X: x\r\n" * 2000,
    "a length in the trailers": CHUNKED + b"0\r\nContent-Length: 5\r\n\r\n",
    "a trailer that is no header": CHUNKED + b"0\r\nbad header\r\n\r\n",
}

READABLE = {
    "an empty line first": (b"\r\n" + POST + b"\r\n", b""),
    "no body": (POST + b"\r\n", b""),
    "a length": (POST + b"Content-Length: 3\r\n\r\nabc", b"abc"),
    "no bytes": (POST + b"Content-Length: 0\r\n\r\n", b""),
    "chunks": (CHUNKED + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", b"abcde"),
    "an upper-case coding": (POST + b"Transfer-Encoding: CHUNKED\r\n\r\n1\r\na\r\n0\r\n\r\n", b"a"),
    "leading zeros": (CHUNKED + b"0003\r\nabc\r\n000\r\n\r\n", b"abc"),
    "an extension": (CHUNKED + b"3;name=value\r\nabc\r\n0;last\r\n\r\n", b"abc"),
    "trailers": (CHUNKED + b"3\r\nabc\r\n0\r\nX-Sum: 1\r\nY: 2\r\n\r\n", b"abc"),
    "line ends in the data": (CHUNKED + b"4\r\n\r\n\r\n\r\n0\r\n\r\n", b"\r\n\r\n"),
}
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


@pytest.mark.parametrize("data", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("step", STEPS)
def test_what_could_be_read_in_two_ways_is_refused(data, step):
    with pytest.raises(UnreadableRequest):
        bodies(data, step)


@pytest.mark.parametrize(("data", "body"), READABLE.values(), ids=READABLE)
@pytest.mark.parametrize("step", STEPS)
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
