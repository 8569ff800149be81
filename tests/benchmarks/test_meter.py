"""Processor time comes from the processes' own clocks."""

import subprocess
import sys

import pytest

from tests.benchmarks.meter import tree_seconds

BURN = "import time\nwhile time.process_time() < 0.2: pass"
PARENT = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {BURN!r}], check=True)
print("done", flush=True)
sys.stdin.read()
"""


@pytest.mark.process
def test_the_time_of_a_child_that_has_ended_counts():
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "done\n"

        assert tree_seconds(parent.pid) >= 0.19  # the clock has steps of 10 ms
