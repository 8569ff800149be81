"""The official client of the Model Context Protocol, connected to a service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

# The client takes as long to import as a hundred tests to collect, and few tests need it, so it is imported by them.
# ruff: noqa: PLC0415
from tests.support.command_line import COMMAND
from tests.support.coroutines import run_coroutine


def use_over_http(url: str, key: str, mode: str, use: Callable[[Any], Awaitable[Any]]) -> Any:
    """Return the result of `use` with the official client, connected over HTTP in this mode: `auto` or `legacy`."""
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    async def connected() -> Any:
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx2.AsyncClient(headers=headers, timeout=30, trust_env=False) as http_client:
            return await _use(streamable_http_client(f"{url}/mcp", http_client=http_client), mode, use)

    return run_coroutine(connected())


def use_over_stdio(
    env: dict[str, str],
    log: Path,
    mode: str,
    use: Callable[[Any], Awaitable[Any]],
    command: Sequence[str] = (*COMMAND, "mcp"),
) -> Any:
    """Return the result of `use` with the official client, which starts the command with this environment.

    Messages of the command are written to the file `log`.
    """
    from mcp.client.stdio import StdioServerParameters, stdio_client

    parameters = StdioServerParameters(command=command[0], args=[*command[1:]], env=env)
    with log.open("w", encoding="utf-8") as errors:
        return run_coroutine(_use(stdio_client(parameters, errlog=errors), mode, use))


async def _use(transport: Any, mode: str, use: Callable[[Any], Awaitable[Any]]) -> Any:
    from mcp import Client

    async with Client(transport, mode=mode) as client:
        return await use(client)
