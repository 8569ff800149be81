"""A ZIP archive that is written in steps. Between two, its state can be stored, and another process goes on with it.

Source: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification" 6.3.10, sections 4.3 and 4.4.
"""

from __future__ import annotations

import struct
import zlib

import msgspec

_VERSION, _HAS_DESCRIPTOR, _DEFLATED = 20, 8, 8
_TIME, _DATE = 0, 0x21
"""1 January 1980, the first day that the format knows: equal parts make equal archives."""
_LOCAL = struct.Struct("<4s5H3L2H")
_DESCRIPTOR = struct.Struct("<4s3L")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LAST_BLOCK = b"\x03\x00"
"""An empty block of DEFLATE that ends the data. Source: RFC 1951, section 3.2.3."""


class Part(msgspec.Struct):
    """A file in the archive."""

    path: str
    """In ASCII."""
    offset: int
    """Where it begins in the archive, in bytes."""
    crc: int = 0
    size: int = 0
    """How many bytes it has before they are compressed."""
    packed: int = 0


class Archive(msgspec.Struct):
    """An archive, of which `size` bytes were made. Its parts are written one after the other.

    Sizes and offsets have 32 bits, so it can have up to 4 GB, and so can each part before it is compressed.
    """

    size: int = 0
    parts: list[Part] = []

    def begin(self, path: str) -> bytes:
        """Begin a part, and return the next bytes of the archive, as the other methods do."""
        self.parts.append(Part(path, self.size))
        name = path.encode("ascii")
        head = (b"PK\3\4", _VERSION, _HAS_DESCRIPTOR, _DEFLATED, _TIME, _DATE, 0, 0, 0, len(name), 0)
        return self._made(_LOCAL.pack(*head) + name)

    def write(self, content: bytes) -> bytes:
        """Go on with the part that was begun last. What is compressed needs nothing of what was written before."""
        part, packer = self.parts[-1], zlib.compressobj(wbits=-zlib.MAX_WBITS)
        part.crc, part.size = zlib.crc32(content, part.crc), part.size + len(content)
        return self._packed(packer.compress(content) + packer.flush(zlib.Z_SYNC_FLUSH))

    def end(self) -> bytes:
        """End the part that was begun last."""
        last = self._packed(_LAST_BLOCK)
        part = self.parts[-1]
        return last + self._made(_DESCRIPTOR.pack(b"PK\7\x08", part.crc, part.packed, part.size))

    def add(self, path: str, content: bytes) -> bytes:
        """Write a whole part."""
        return self.begin(path) + self.write(content) + self.end()

    def finish(self) -> bytes:
        """End the archive. Its parts are found by what is written here."""
        offset, count = self.size, len(self.parts)
        found = b"".join(self._made(_central_header(part)) for part in self.parts)
        return found + self._made(_END.pack(b"PK\5\6", 0, 0, count, count, len(found), offset, 0))

    def _packed(self, content: bytes) -> bytes:
        self.parts[-1].packed += len(content)
        return self._made(content)

    def _made(self, content: bytes) -> bytes:
        self.size += len(content)
        return content


def _central_header(part: Part) -> bytes:
    name = part.path.encode("ascii")
    sizes = (part.crc, part.packed, part.size, len(name), 0, 0, 0, 0, 0, part.offset)
    return _CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, _HAS_DESCRIPTOR, _DEFLATED, _TIME, _DATE, *sizes) + name
