"""A receiver that often fails, as a process: `python -m tests.chaos.webhooks.receiver PORT FILE HOW SEED`.

It appends a line of JSON to FILE for each delivery before it answers, so what it has answered is known if it ends.
HOW is `broken` or `mended`. A broken one answers 500, 302 or 410, is silent for 30 seconds, or ends, now and then.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import msgspec

TAKEN, SILENT, DEATH = 200, 0, -1
WEIGHTS = {TAKEN: 930, 500: 40, 302: 12, 410: 6, SILENT: 4, DEATH: 4}
"""How often a broken receiver does what."""
SILENT_SECONDS = 30.0
MENDED = "mended"


class Arrival(NamedTuple):
    """A delivery that has arrived."""

    path: str
    id: str
    """The header webhook-id."""
    type: str
    data_id: str
    """The id of the event in the body."""
    position: int
    answer: int
    """The status of the answer, SILENT or DEATH."""


class _Data(msgspec.Struct):
    id: str
    position: int


class _Body(msgspec.Struct):
    type: str
    data: _Data


async def main(port: int, file: str, how: str, seed: str) -> None:
    """Serve for ever."""
    log = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    chance = random.Random(seed)

    def note(path: str, id: str, body: bytes) -> int:
        answer = TAKEN if how == MENDED else chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        read = msgspec.json.decode(body, type=_Body)
        arrival = Arrival(path, id, read.type, read.data.id, read.data.position, answer)
        os.write(log, msgspec.json.encode(arrival) + b"\n")
        return answer

    server = await asyncio.start_server(_serving(note), "127.0.0.1", port)
    await server.serve_forever()


def _serving(
    note: Callable[[str, str, bytes], int],
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                headers = {name.lower(): value for name, _, value in (it.partition(": ") for it in head.split("\r\n"))}
                body = await reader.readexactly(int(headers["content-length"]))
                answer = note(head.split(" ")[1], headers["webhook-id"], body)
                if answer == DEATH:
                    os._exit(1)
                if answer == SILENT:
                    await asyncio.sleep(SILENT_SECONDS)
                place = "Location: http://127.0.0.1:1/\r\n" if answer == 302 else ""
                writer.write(f"HTTP/1.1 {answer or TAKEN} It\r\n{place}Content-Length: 0\r\n\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    return serve


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), *sys.argv[2:5]))
