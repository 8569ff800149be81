"""Messages between a server process and its printing process: their length in four bytes, and their bytes."""

from __future__ import annotations

from typing import IO

LENGTH_BYTES = 4
MAX_FRAME_BYTES = 64 * 1024 * 1024


def write_frame(target: IO[bytes], frame: bytes) -> None:
    """Write a message."""
    target.write(len(frame).to_bytes(LENGTH_BYTES, "big") + frame)
    target.flush()


def read_frame(source: IO[bytes]) -> bytes | None:
    """Return the next message; None if there is no whole one any more."""
    size = source.read(LENGTH_BYTES)
    if len(size) < LENGTH_BYTES:
        return None
    frame = source.read(int.from_bytes(size, "big"))
    return frame if len(frame) == int.from_bytes(size, "big") else None
