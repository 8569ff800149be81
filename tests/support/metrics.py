"""Reads the Prometheus metrics of a service."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx
import psutil
from prometheus_client.parser import text_string_to_metric_families

from tests.support.service import Service


class Metrics:
    """The metrics that a service serves at this address."""

    def __init__(self, address: str) -> None:
        self.address = address

    def text(self) -> str:
        return httpx.get(f"http://{self.address}/metrics", trust_env=False).text

    def all(self) -> dict[tuple[Any, ...], float]:
        return {
            (sample.name.removeprefix("smartdhandha_"), *sorted(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(self.text())
            for sample in family.samples
        }

    def get(self, name: str, **labels: str) -> float:
        return self.all().get((name, *sorted(labels.items())), 0)

    def requests(self, route: str, status: int = 200, method: str = "GET") -> float:
        return self.get("requests_total", method=method, route=route, status=str(status))

    def is_served(self) -> bool:
        with suppress(httpx.HTTPError):
            return bool(self.text())
        return False

    def is_served_by_another(self, service: Service, gone: psutil.Process | None) -> bool:
        return self.port_owner(service) not in (None, gone) and self.is_served()

    def port_owner(self, service: Service) -> psutil.Process | None:
        port = int(self.address.rpartition(":")[2])
        for worker in service.workers():
            with suppress(psutil.Error):  # a process that has just been killed
                if any(c.laddr.port == port and c.status == "LISTEN" for c in worker.net_connections("tcp")):
                    return worker
        return None
