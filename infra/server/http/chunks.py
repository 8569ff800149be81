"""Decodes chunked bodies (RFC 9112, section 7.1) as they arrive. The length of each part is limited."""

from __future__ import annotations

import re

_MAX_LINE_BYTES = 4096
"""The longest line that begins a chunk: the chunk's size and its extensions."""
_MAX_EXTENSION_BYTES = 16 * 1024
"""The most bytes that the extensions of all chunks may have together. Extensions are ignored."""
_MAX_TRAILER_BYTES = 8192
"""The most bytes that all trailers may have together. Trailers are checked and then ignored."""
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n\x00]*)?")
_TRAILER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[^\x00-\x08\x0a-\x1f\x7f]*")
_FORBIDDEN = frozenset((b"host", b"content-length", b"transfer-encoding", b"trailer", b"authorization", b"te"))


class MalformedChunks(ValueError):
    """The body is not a sequence of chunks, or a part of it is too long."""


class ChunkedBody:
    """Decodes the chunks of one body.

    If the data is longer than `max_bytes`, `read` returns only the first `max_bytes` + 1 bytes and reads no further.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._data = bytearray()
        self._left = 0
        """How many bytes of the current chunk are not read yet, including the line end after its data."""
        self._in_trailers = self._is_whole = False
        self._trailer_bytes = self._extension_bytes = 0

    @property
    def held_bytes(self) -> int:
        """The number of bytes of data that have been decoded."""
        return len(self._data)

    def read(self, received: bytearray) -> bytes | None:
        """Decode the chunks in `received`, and remove them there. Return the data if the body is complete, else None.

        Raises MalformedChunks.
        """
        while not self._is_whole:
            if self._left:
                went_on = self._take_data(received)
            elif self._in_trailers:
                went_on = self._take_trailer(received)
            else:
                went_on = self._take_size(received)
            if not went_on:
                return None
        return bytes(self._data)

    def _take_line(self, received: bytearray, max_bytes: int) -> bytes | None:
        end = received.find(b"\r\n", 0, max_bytes + 2)
        if end < 0:
            if len(received) > max_bytes:
                raise MalformedChunks("a line of the chunked body is too long")
            return None
        line = bytes(received[:end])
        del received[: end + 2]
        return line

    def _take_size(self, received: bytearray) -> bool:
        line = self._take_line(received, _MAX_LINE_BYTES)
        if line is None:
            return False
        match = _SIZE.fullmatch(line)
        if match is None:
            raise MalformedChunks("the size of a chunk is not a hexadecimal number")
        self._extension_bytes += len(line) - len(match[1])
        if self._extension_bytes > _MAX_EXTENSION_BYTES:
            raise MalformedChunks("the extensions of the chunks are too long")
        size = int(match[1], 16)
        self._in_trailers = size == 0
        self._left = size + 2 if size else 0
        return True

    def _take_data(self, received: bytearray) -> bool:
        """Take the chunk's data that has arrived. Return whether this chunk, or the whole body, has ended."""
        data = min(max(self._left - 2, 0), len(received), self._max_bytes + 1 - len(self._data))
        self._data += received[:data]
        del received[:data]
        self._left -= data
        self._is_whole = len(self._data) > self._max_bytes
        if self._is_whole:
            return True
        if self._left > 2 or len(received) < self._left:
            return False
        if received[:2] != b"\r\n":
            raise MalformedChunks("a chunk is longer than its size says")
        del received[:2]
        self._left = 0
        return True

    def _take_trailer(self, received: bytearray) -> bool:
        line = self._take_line(received, _MAX_TRAILER_BYTES - self._trailer_bytes)
        if line is None:
            return False
        self._is_whole = not line
        self._trailer_bytes += len(line) + 2
        match = _TRAILER.fullmatch(line)
        if line and (match is None or match[1].lower() in _FORBIDDEN):
            raise MalformedChunks("a trailer of the chunked body is not allowed")
        return True
