"""Starts processes of `smartdhandha` as forks of a process that has imported the program already.

The imports take more than half of the processor time of a start, and the tests start more than a hundred services. All
else is as in a new process: the same code with its arguments, its environment and its streams, in a session of its
own, as a child of the tests' process. It is the same program that forks its server processes later.

`start_process` is like `subprocess.Popen`. It starts a new interpreter where a fork would not be the same: `can_fork`
says when.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-c", "from infra.cli import main; main()"]
"""The beginning of each command line of `smartdhandha`."""
_CODE = COMMAND[:2]
"""The beginning of each command that a fork can run. Then come the code and its arguments."""
_CHANGEABLE = ("SMARTDHANDHA_", "DATABASE_URL", "WEBHOOK_SECRET", "PYTEST_", "TMPDIR")
"""The variables that may differ from those of this process. Python, libc or a library reads others only once."""
_SET_CHILD_SUBREAPER = 36
"""The operation of prctl after which a process becomes the parent of its orphaned descendants."""
_MAX_MESSAGE = 256 * 1024


def can_fork(command: Sequence[str], env: Mapping[str, str]) -> bool:
    """Whether a fork is the same as a new process for this command and this environment.

    The command must be code for Python (`python -c`), such as that of `smartdhandha`.

    Measurements, which run without pytest, always start new interpreters.
    """
    differing = {name for name, value in {*env.items()} ^ {*os.environ.items()}}
    runs_code = list(command[:2]) == _CODE and sys.platform == "linux"
    return runs_code and "PYTEST_VERSION" in os.environ and all(name.startswith(_CHANGEABLE) for name in differing)


def start_process(command: Sequence[str], env: Mapping[str, str], **options: Any) -> subprocess.Popen[Any]:
    """Start a process as `subprocess.Popen` does, as a fork if possible. A fork has a session of its own.

    `options` are those of Popen for the streams, and `start_new_session`.
    """
    start: type[subprocess.Popen[Any]] = ForkedProcess if can_fork(command, env) else subprocess.Popen
    return start(command, env=env, **options)


def run_command(command: Sequence[str], env: Mapping[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in a fork if possible; return its exit status and what it wrote.

    Raises TimeoutExpired after `timeout` seconds.
    """
    with start_process(command, env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            out, err = process.communicate(timeout=timeout)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


class ForkedProcess(subprocess.Popen[str]):
    """A process that was forked. It is used as if it had been started by `subprocess.Popen`."""

    def _execute_child(self, args: Any, *details: Any) -> None:
        env, streams = details[5], details[9:15]
        sys.audit("subprocess.Popen", args[0], args, None, env)
        of_child = enumerate((streams[0], streams[3], streams[5]))
        in_child = [own if stream == -1 else stream for own, stream in of_child]
        self.pid = _fork_server().fork([os.fspath(word) for word in args[len(_CODE) :]], env, in_child)
        self._child_created = True
        self._close_pipe_fds(*streams)  # type: ignore[attr-defined]


class _ForkServer:
    """The process that has imported the program, and waits for orders to fork."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._libc = ctypes.CDLL(None)
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "tests.support.forking", str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        atexit.register(self._end)

    def fork(self, words: Sequence[str], env: Mapping[str, str], streams: Sequence[int]) -> int:
        """Fork a process that runs the code `words[0]` with the other words as arguments; return the process id.

        This process becomes its parent.
        """
        order = json.dumps([list(words), dict(env), str(Path.cwd())]).encode()
        with self._lock:
            self._libc.prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
            try:
                socket.send_fds(self._orders, [order], streams)
                return int(self._orders.recv(_MAX_MESSAGE))
            finally:
                self._libc.prctl(_SET_CHILD_SUBREAPER, 0, 0, 0, 0)

    def _end(self) -> None:
        self._orders.close()
        self._process.wait()


@cache
def _fork_server() -> _ForkServer:
    return _ForkServer()
