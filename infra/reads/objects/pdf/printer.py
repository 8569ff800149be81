"""Has documents laid out by a process beside this one, and ends it when that takes too long."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from contextlib import suppress
from typing import IO

from api.ports.reads import PrintingTimedOut
from api.ports.request.deadline import deadline
from infra.reads.objects.pdf.frames import LENGTH_BYTES
from infra.reads.objects.pdf.process import FAILED, LONGEST_SECONDS, READY
from infra.reads.objects.pdf.turns import Turns

_COMMAND = [sys.executable, "-m", "infra.reads.objects.pdf.process"]
_KEPT_NAMES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
_KEPT_BEGINNINGS = ("PYTHON", "COVERAGE", "VIRTUAL_ENV")
_READ_BYTES = 1024 * 1024
LONGEST_START_SECONDS = 60.0
"""A process that takes longer to start is ended, and another one is started."""


class PrintingFailed(Exception):
    """The document cannot be laid out: the template or the content has a fault. The message says which."""


class NotReady(PrintingTimedOut):
    """The printing process is still starting. It goes on with that: the next document may find it ready."""


class Printer:
    """The printing process of this process: one document at a time. It is started for the first document."""

    def __init__(self) -> None:
        self._turns = Turns()
        self._running: subprocess.Popen[bytes] | None = None
        self._is_ready = False
        self._started = 0.0

    def make(self, org_id: str, content: bytes) -> bytes:
        """Return the PDF of a content of an organization. Raises PrintingTimedOut and PrintingFailed."""
        until = min(deadline(), time.monotonic() + LONGEST_SECONDS)
        with self._turns.turn(org_id, until):
            try:
                answer = self._ask(content, until)
            except NotReady:
                raise
            except BaseException:
                self.stop()
                raise
        if answer.startswith(FAILED):
            raise PrintingFailed(answer[1:].decode(errors="replace"))
        return answer[1:]

    def stop(self) -> None:
        """End the printing process, if there is one."""
        process, self._running = self._running, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    assert pipe is not None
                    pipe.close()

    def _ask(self, content: bytes, until: float) -> bytes:
        """Send the content, and return the answer. A process that has ended meanwhile is started again once."""
        for _ in range(2):
            process = self._process_now()
            try:
                answer = _exchange(process, content, until) if self._wait_until_ready(process, until) else None
            except BrokenPipeError:
                answer = None
            if answer is not None:
                return answer
            self.stop()
        raise PrintingFailed("the printing process ended without an answer: the document may need too much memory")

    def _process_now(self) -> subprocess.Popen[bytes]:
        """Return the process, and start it if it does not run, or takes very long to start."""
        is_in_time = self._is_ready or time.monotonic() < self._started + LONGEST_START_SECONDS
        if self._running is not None and self._running.poll() is None and is_in_time:
            return self._running
        self.stop()
        self._is_ready, self._started = False, time.monotonic()
        self._running = subprocess.Popen(
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment(), bufsize=0
        )
        for pipe in (self._running.stdin, self._running.stdout):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
        return self._running

    def _wait_until_ready(self, process: subprocess.Popen[bytes], until: float) -> bool:
        """Wait for the process to start; return whether it has. Raises NotReady."""
        if not self._is_ready:
            assert process.stdout is not None
            try:
                self._is_ready = _receive(process.stdout, until) == READY
            except PrintingTimedOut:
                raise NotReady("the program that makes PDFs is starting") from None
        return self._is_ready


def _environment() -> dict[str, str]:
    """Return what the process needs of the environment: no secret of the service."""
    return {
        name: value for name, value in os.environ.items() if name in _KEPT_NAMES or name.startswith(_KEPT_BEGINNINGS)
    }


def _exchange(process: subprocess.Popen[bytes], content: bytes, until: float) -> bytes | None:
    """Send the content and return the answer; None if the process ended. Raises PrintingTimedOut, BrokenPipeError."""
    assert process.stdin is not None and process.stdout is not None
    unsent = memoryview(len(content).to_bytes(LENGTH_BYTES, "big") + content)
    while unsent:
        _wait(process.stdin, select.POLLOUT, until)
        unsent = unsent[os.write(process.stdin.fileno(), unsent[:_READ_BYTES]) :]
    return _receive(process.stdout, until)


def _receive(pipe: IO[bytes], until: float) -> bytes | None:
    """Return the next message; None if the process ended. Raises PrintingTimedOut."""
    received = bytearray()
    while len(received) < LENGTH_BYTES or len(received) < LENGTH_BYTES + _length(received):
        _wait(pipe, select.POLLIN, until)
        part = os.read(pipe.fileno(), _READ_BYTES)
        if not part:
            return None
        received += part
    return bytes(received[LENGTH_BYTES:])


def _length(received: bytearray) -> int:
    return int.from_bytes(received[:LENGTH_BYTES], "big")


def _wait(pipe: IO[bytes], event: int, until: float) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
        raise PrintingTimedOut("the document takes too long")
