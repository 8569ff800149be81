"""A receiver of webhooks that answers at once, in a process of its own: `python -m tests.benchmarks.fast_receiver`.

It prints its port. After end-of-file on its input, it prints a JSON array: of each delivery, the time when it arrived
and the `timestamp` of its body.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time

import msgspec

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_arrivals: list[tuple[float, bytes]] = []


class _Receiving(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._waiting = transport, b""

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        head, end, body = self._waiting.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if end and length and len(body) >= int(length[1]):
            _arrivals.append((time.time(), body))
            self._waiting = b""
            self._transport.write(ANSWER)


class _Timed(msgspec.Struct):
    timestamp: str


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Receiving, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    print(
        msgspec.json.encode([(at, msgspec.json.decode(body, type=_Timed).timestamp) for at, body in _arrivals]).decode()
    )


if __name__ == "__main__":
    asyncio.run(main())
