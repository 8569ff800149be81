"""Runs `smartdhandha listen` beside a test."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.command_line import COMMAND
from tests.support.fork_server import start_process


@contextmanager
def listening(env: dict[str, str], *options: str, until: str = "Listens for events") -> Iterator[subprocess.Popen[str]]:
    """Run `listen` until the end of the block; yield its process when it has written `until` to standard error."""
    command = [*COMMAND, "listen", *options]
    with start_process(command, env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            said: list[str] = []
            while not said or until not in said[-1]:
                said.append(process.stderr.readline())
                assert said[-1], said
            yield process
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


def next_line(process: subprocess.Popen[str]) -> str:
    """Return the next line that the process prints. Fail if it prints none for half a minute."""
    assert process.stdout is not None
    lines: list[str] = []
    stream = process.stdout
    thread = threading.Thread(target=lambda: lines.append(stream.readline()), daemon=True)
    thread.start()
    thread.join(30)
    assert lines, "listen has printed nothing"
    return lines[0]
