"""Runs `smartdhandha serve` as a person at a terminal does, and reads what it prints."""

import contextlib
import os
import re
import signal
import subprocess

import psutil

from tests.support.command_line import COMMAND, environment
from tests.support.fork_server import start_process
from tests.support.waiting import wait_until

SERVE = [*COMMAND, "serve", "--bind", "127.0.0.1:0"]


class Terminal:
    """Runs `serve` on a data folder. `text` is the printed text up to the first command for the reader to run.

    With `may_fork=False`, a new interpreter runs it (see fork_server.py).
    """

    def __init__(self, data, may_fork=True):
        start = start_process if may_fork else subprocess.Popen
        self.process = start(
            SERVE,
            env=environment(SMARTDHANDHA_DATA=str(data)),
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout
        self.output = self.process.stdout
        self.text = ""
        while (line := self.output.readline()) and not line.startswith(("New API key", "curl -sS http://")):
            self.text += line
        self.text += line
        assert line, "the service did not start"

    @property
    def url(self):
        return re.findall(r"http://[0-9.:]+", self.text)[0]

    @property
    def curl(self):
        """Return the command that creates the first invoice, exactly as it was printed."""
        return self.text.partition("Create your first invoice:")[2].partition("List your invoices:")[0]

    def stop(self, signal_number=signal.SIGINT):
        """Send the signal to the whole process group, as a terminal does; return the exit status."""
        os.killpg(self.process.pid, signal_number)
        self.output.close()
        return self.process.wait(60)


def has_ended(group):
    """Return whether no process of the group is left."""
    return not any(_is_in(group, process) for process in psutil.process_iter())


def _is_in(group, process):
    with contextlib.suppress(psutil.Error, ProcessLookupError):
        return os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE
    return False


def refusal(*options, **env):
    """Return the one line that `serve` writes when it refuses to start."""
    process = start_process(
        [*SERVE, *options],
        environment(**env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    wait_until(lambda: has_ended(process.pid))
    lines = err.strip().splitlines()
    assert len(lines) == 1, err
    return lines[0]
