"""The public keys with which GitHub signs its reports, from a URL or a file, kept in memory.

They are loaded in a thread of their own, because a slow server must not occupy the threads of requests.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from pathlib import Path

import httpx
import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from commands.unit_of_work import Unavailable

logger = logging.getLogger("smartdhandha.leaks")

MAX_BYTES = 64 * 1024
"""The largest list of keys."""
LOAD_SECONDS = 5.0
"""How long loading the list may take."""
KEEP_SECONDS, RETRY_SECONDS = 3600.0, 60.0
"""How long a list counts as new, and how often it is loaded at most for a key that is not in it."""
WAIT_SECONDS = 2.0
"""How long a request waits for a list that it needs. At most one request waits at a time."""


class _PublicKey(msgspec.Struct):
    key_identifier: str
    key: str


class _PublicKeys(msgspec.Struct):
    public_keys: list[_PublicKey]


_decode = msgspec.json.Decoder(_PublicKeys).decode


class PublicKeys:
    """The keys of one source: a URL, or the path of a file. `clock` returns seconds that only increase."""

    def __init__(self, source: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._source, self._clock = source, clock
        self._keys: Mapping[str, EllipticCurvePublicKey] | None = None
        self._lock, self._thread = threading.Lock(), ThreadPoolExecutor(1, "public-keys")
        self._tried_at = float("-inf")
        self._loading: Future[None] | None = None

    def load(self) -> Future[None]:
        """Begin to load the list, unless this is going on. The present keys are kept when it fails."""
        with self._lock:
            if self._loading is None or self._loading.done():
                self._tried_at, self._loading = self._clock(), self._thread.submit(self._load)
            return self._loading

    def find(self, identifier: str) -> EllipticCurvePublicKey | None:
        """Return the key with this identifier; None if the list has no such key.

        Raises Unavailable if the list was never loaded, or is being loaded and the present one has no such key.
        """
        found = self._present(identifier)
        age = self._clock() - self._tried_at
        if found is not None:
            if age > KEEP_SECONDS:
                self.load()
            return found
        if age > RETRY_SECONDS:
            self._await(self.load())
        if self._keys is None or (self._loading is not None and not self._loading.done()):
            raise Unavailable("the public keys are not loaded")
        return self._present(identifier)

    def _present(self, identifier: str) -> EllipticCurvePublicKey | None:
        return None if self._keys is None else self._keys.get(identifier)

    def _await(self, loading: Future[None]) -> None:
        try:
            loading.result(WAIT_SECONDS)
        except StillRunning:
            logger.warning("the public keys take long to load")

    def _load(self) -> None:
        try:
            self._keys = parse_public_keys(self._read())
        except (OSError, httpx.HTTPError, ValueError, msgspec.MsgspecError, UnsupportedAlgorithm) as error:
            logger.warning("the public keys were not loaded: %s", type(error).__name__)

    def _read(self) -> bytes:
        """Return the list. Raises ValueError if it is too large or takes too long."""
        if "://" not in self._source:
            with Path(self._source).open("rb") as file:
                return _checked(file.read(MAX_BYTES + 1))
        body, end = b"", time.monotonic() + LOAD_SECONDS
        with (
            httpx.Client(timeout=LOAD_SECONDS, trust_env=False) as client,
            client.stream("GET", self._source, headers={"Accept": "application/json"}) as response,
        ):
            response.raise_for_status()
            for part in response.iter_bytes():
                body = _checked(body + part)
                if time.monotonic() > end:
                    raise ValueError("too slow")
        return body


def parse_public_keys(body: bytes) -> dict[str, EllipticCurvePublicKey]:
    """Return the keys of a list by their identifiers. Raises ValueError, and msgspec's error, for a wrong list."""
    keys = {each.key_identifier: load_pem_public_key(each.key.encode()) for each in _decode(body).public_keys}
    return {
        identifier: key
        for identifier, key in keys.items()
        if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)
    }


def _checked(body: bytes) -> bytes:
    if len(body) > MAX_BYTES:
        raise ValueError("too large")
    return body
