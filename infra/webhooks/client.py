"""Sends one delivery over HTTP: to an address that was checked, without redirects, with limits of time and size."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import msgspec

from domain.reading import InvalidValue
from domain.reading.webhook_url import Target, parse_target
from infra.webhooks.addresses import AddressGuard, AddressRefused
from infra.webhooks.queue.attempt import KEPT_RESPONSE_BYTES, Attempt

TIMEOUT_SECONDS = 15.0
MAX_RESPONSE_BYTES = 64 * 1024
ADDRESS_SECONDS = 5.0
"""How long the checked address of a host is used before the host is resolved again."""
_MAX_HOSTS, _MAX_RESOLVERS = 200, 32


class WebhookClient:
    """Posts deliveries. Connections to one host are used again for the same host only.

    A transport follows no redirects, keeps no cookies, and uses no proxy of the environment. `ca` is a file with
    certificates that are trusted in addition to those of the system.
    """

    def __init__(self, guard: AddressGuard, ca: Path | None = None) -> None:
        self._guard, self._hosts = guard, dict[tuple[Target, str], httpx.AsyncHTTPTransport]()
        self._addresses: dict[Target, tuple[str, float]] = {}
        self._resolvers = ThreadPoolExecutor(_MAX_RESOLVERS, "resolve")
        self._tls = ssl.create_default_context()
        if ca is not None:
            self._tls.load_verify_locations(ca)

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> Attempt:
        """Post the body to the URL. This method raises nothing: every failure is part of the attempt."""
        begin = time.monotonic()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                found = await self._post(url, headers, body)
        except TimeoutError:
            found = Attempt(duration_ms=0, error=f"no response within {TIMEOUT_SECONDS:g} seconds")
        except AddressRefused as error:
            found = Attempt(duration_ms=0, error=f"the URL {error}")
        except (OSError, httpx.HTTPError, httpx.InvalidURL, InvalidValue, ValueError) as error:
            found = Attempt(duration_ms=0, error=_reason(error))
        return msgspec.structs.replace(found, duration_ms=round((time.monotonic() - begin) * 1000, 1))

    async def close(self) -> None:
        """Close all connections."""
        for transport in self._hosts.values():
            await transport.aclose()
        self._hosts.clear()
        self._resolvers.shutdown(wait=False, cancel_futures=True)

    async def _post(self, url: str, headers: dict[str, str], body: bytes) -> Attempt:
        target = parse_target(url)
        address = await self._address(target)
        own = httpx.URL(url)
        request = httpx.Request(
            "POST",
            own.copy_with(host=address),
            headers={**headers, "Host": own.netloc.decode()},
            content=body,
            extensions={"sni_hostname": target.host},
        )
        transport = await self._transport(target, address)
        response = await transport.handle_async_request(request)
        try:
            return await _read(response)
        finally:
            await response.aclose()

    async def _address(self, target: Target) -> str:
        """Return the address of a host that may be called, as it was at most ADDRESS_SECONDS ago."""
        address, until = self._addresses.get(target, ("", 0.0))
        if time.monotonic() >= until:
            loop = asyncio.get_running_loop()
            address = await loop.run_in_executor(self._resolvers, self._guard.resolve, target)
            if len(self._addresses) >= _MAX_HOSTS:
                self._addresses.clear()
            self._addresses[target] = address, time.monotonic() + ADDRESS_SECONDS
        return address

    async def _transport(self, target: Target, address: str) -> httpx.AsyncHTTPTransport:
        """Return the transport of a host. A connection with one host's certificate is never used for another."""
        transport = self._hosts.pop((target, address), None)
        if transport is None:
            if len(self._hosts) >= _MAX_HOSTS:  # the one that was not used for the longest time is not in use now
                await self._hosts.pop(next(iter(self._hosts))).aclose()
            transport = httpx.AsyncHTTPTransport(verify=self._tls, trust_env=False)
        self._hosts[target, address] = transport
        return transport


async def _read(response: httpx.Response) -> Attempt:
    kept, size = b"", 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        kept = (kept + chunk)[:KEPT_RESPONSE_BYTES]
        if size > MAX_RESPONSE_BYTES:
            break
    return Attempt(
        status=response.status_code,
        duration_ms=0,
        error=f"the response is larger than {MAX_RESPONSE_BYTES // 1024} KiB" if size > MAX_RESPONSE_BYTES else None,
        response=kept.decode(errors="replace").replace("\0", "\ufffd"),
        retry_after=response.headers.get("Retry-After"),
    )


def _reason(error: Exception) -> str:
    """Return why an attempt failed, for the people who own the receiver."""
    causes = list(_causes(error))
    for kind, say in _REASONS.items():
        for cause in causes:
            if isinstance(cause, kind):
                return say(cause)
    return _in_one_line(error)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and those that led to it: httpx wraps the errors of the system."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _certificate_reason(error: Any) -> str:
    return f"the server's certificate is not valid: {error.verify_message.removesuffix('.')}"


_REASONS: Mapping[type[BaseException], Callable[[Any], str]] = {
    socket.gaierror: lambda _: "the name of the server is not known",
    ssl.SSLCertVerificationError: _certificate_reason,
    ssl.SSLError: lambda _: "the server does not speak TLS as expected: is it an https address?",
    ConnectionRefusedError: lambda _: "the server refused the connection: nothing listens at this address",
    ConnectionResetError: lambda _: "the server closed the connection before it responded",
    httpx.TimeoutException: lambda _: f"no response within {TIMEOUT_SECONDS:g} seconds",
    httpx.RemoteProtocolError: lambda error: f"the server did not respond as HTTP requires: {_in_one_line(error)}",
}
"""What to say about each kind of error. The first kind that one of the causes has is used."""


def _in_one_line(error: BaseException) -> str:
    text = " ".join(str(error).split()).replace("\0", "")
    return (text or type(error).__name__)[:300]
