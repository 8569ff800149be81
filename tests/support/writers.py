"""Clients that create invoices while something fails, and remember the invoices that the service has acknowledged."""

from __future__ import annotations

import httpx

from tests.support.client import Api
from tests.support.scenarios import invoice_body
from tests.support.threads import Threads
from tests.support.waiting import wait_until


class Writers(Threads):
    """Clients that create invoices until the end of the block. Each client has its own connection."""

    def __init__(self, url: str, key: str, count: int = 4) -> None:
        super().__init__(*[self._write] * count)
        self.acknowledged: list[str] = []
        """The ids of the invoices whose creation the service has acknowledged with 201."""
        self.refused: list[str] = []
        """The status and body of each response that is neither 201 nor 503."""
        self._url, self._key = url, key

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        assert not self.refused, self.refused[:3]

    def go_on(self) -> None:
        """Wait until the service has acknowledged more than five further invoices."""
        before = len(self.acknowledged)
        wait_until(lambda: len(self.acknowledged) > before + 5)

    def _write(self) -> None:
        with Api(self._url, self._key) as client:
            while not self.ended.is_set():
                try:
                    response = client.post("invoices", json=invoice_body())
                except httpx.TransportError:
                    continue
                if response.status_code == 201:
                    self.acknowledged.append(response.json()["data"]["id"])
                elif response.status_code != 503:
                    self.refused.append(f"{response.status_code}: {response.text}")
