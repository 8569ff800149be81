"""An HTTP client of the API, and functions that check its responses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx


class Api(httpx.Client):
    """An HTTP client that sends one API key, or none. Paths are relative to `/api/v1`."""

    def __init__(self, url: str, key: str | None, **options: Any) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        super().__init__(base_url=f"{url}/api/v1/", headers=headers, timeout=30, trust_env=False, **options)
        self.key = key

    def create(self, path: str, body: dict[str, Any], **options: Any) -> dict[str, Any]:
        """POST, expect 201, and return the resource."""
        return data_of(self.post(path, json=body, **options), 201)

    def read(self, path: str, **params: Any) -> Any:
        """GET, expect 200, and return the data."""
        return data_of(self.get(path, params=params), 200)

    def update(self, path: str, body: dict[str, Any], **options: Any) -> dict[str, Any]:
        """PATCH, expect 200, and return the resource."""
        return data_of(self.patch(path, json=body, **options), 200)


def data_of(response: httpx.Response, status: int) -> Any:
    """Return the data of a success with this status. For any other response, fail the test and print the response."""
    assert response.status_code == status, f"{response.status_code}: {response.text}"
    body = response.json()
    assert body["success"] is True
    return body["data"]


def error_of(response: httpx.Response, status: int, code: str) -> Any:
    """Return the error of a response, after checking its fields, its status and its code."""
    assert response.status_code == status, f"{response.status_code}: {response.text}"
    body = response.json()
    assert set(body) == {"success", "error"} and body["success"] is False
    error = body["error"]
    assert {"code", "message", "status", "details", "requestId", "docUrl"} <= set(error)
    assert (error["status"], error["code"]) == (status, code), error
    assert error["requestId"] == response.headers["X-Request-Id"]
    return error


def list_events(api: Api, path: str, **params: Any) -> list[dict[str, Any]]:
    """Return the events of all pages, following `nextUrl` from the first one."""
    events: list[dict[str, Any]] = []
    response = api.get(path, params=params)
    while True:
        page = response.json()
        events += page["data"]
        pagination = page["pagination"]
        assert pagination["hasMore"] == (pagination["nextUrl"] is not None)
        if not pagination["hasMore"]:
            assert "Link" not in response.headers
            return events
        assert response.headers["Link"] == f'<{pagination["nextUrl"]}>; rel="next"'
        response = api.get(pagination["nextUrl"])


def fold_events(events: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the fields of an object after these events.

    An entry of a list to which events add, such as a payment, has the fields of its last event.
    """
    fields: dict[str, Any] = {}
    keys = {"payments": "id", "corrections": "id", "correctedLines": "lineNumber", "refunds": "id"}
    entries: dict[str, dict[Any, Any]] = {name: {} for name in keys}
    for event in events:
        changes = dict(event["data"])
        for name, known in entries.items():
            known |= {each[keys[name]]: each for each in changes.pop(name, [])}
        fields |= changes
    return {**fields, **{name: list(known.values()) for name, known in entries.items()}}
