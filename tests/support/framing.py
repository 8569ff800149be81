"""Requests whose end or meaning could be read in two ways, and others that are written unusually but clearly."""

from __future__ import annotations

POST = b"POST /x HTTP/1.1\r\nHost: a\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"

UNREADABLE: dict[str, bytes] = {
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

READABLE: dict[str, tuple[bytes, bytes]] = {
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
"""Requests that are unusual but clear, each with its body."""
