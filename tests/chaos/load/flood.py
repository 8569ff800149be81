"""Clients that create invoices without a pause, in a process of their own.

In the process that measures, hundreds of threads would hold its interpreter, and a service would seem slow.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from contextlib import closing
from typing import Self

from tests.architecture.tree import ROOT
from tests.chaos.load.wire import NoAnswer, Wire, request_bytes
from tests.support.scenarios import invoice_body
from tests.support.threads import Threads


class Flood:
    """The clients work until the end of the block. Then `statuses` counts their answers; 0 is no answer."""

    def __init__(self, url: str, key: str, clients: int) -> None:
        self._command = [sys.executable, "-m", "tests.chaos.load.flood", url, key, str(clients)]
        self.statuses = Counter[int]()

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "begun\n"
        return self

    def __exit__(self, *_: object) -> None:
        counted = self._process.communicate()[0]
        self.statuses.update({int(status): count for status, count in json.loads(counted).items()})


class _Clients(Threads):
    def __init__(self, url: str, key: str, clients: int) -> None:
        super().__init__(*[self._run] * clients)
        self._url, self.statuses = url, Counter[int]()
        self._request = request_bytes("POST", "/api/v1/invoices", f"Authorization: Bearer {key}\r\n", invoice_body())

    def _run(self) -> None:
        with closing(Wire(self._url)) as wire:
            while not self.ended.is_set():
                try:
                    self.statuses[wire.ask(self._request).status] += 1
                except NoAnswer:
                    self.statuses[0] += 1


def main(url: str, key: str, clients: int) -> None:
    with _Clients(url, key, clients) as flood:
        print("begun", flush=True)
        sys.stdin.read()
    print(json.dumps(flood.statuses))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
