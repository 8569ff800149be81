"""A language model behind an OpenAI-compatible server, which streams what it writes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec

from api.ports.assistant import ModelFailed

logger = logging.getLogger("smartdhandha.model")

_PATIENCE = httpx.Timeout(connect=2, read=10, write=5, pool=1)
"""Seconds; `read` is also how long the first word may take."""
_WHOLE = 45.0
"""Seconds after which an answer is given up that is still not whole."""
_LONGEST = 20_000


class ChatModel:
    """The Model behind `url`; of more than `at_once` answers at a time the others fail at once, and are composed."""

    def __init__(self, url: str, model: str, key: str | None, at_once: int) -> None:
        self._url = url if url.endswith("/chat/completions") else f"{url}/chat/completions"
        self._model, self._free = model, threading.BoundedSemaphore(at_once)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(timeout=_PATIENCE, headers=headers, trust_env=False)

    def write(self, instructions: str, question: str) -> Iterator[str]:
        if not self._free.acquire(blocking=False):
            raise ModelFailed("the model is busy")
        try:
            yield from self._pieces(instructions, question)
        except (httpx.HTTPError, msgspec.MsgspecError, UnicodeDecodeError, _Broken) as error:
            logger.warning("the language model failed: %s", type(error).__name__)
            raise ModelFailed(type(error).__name__) from error
        finally:
            self._free.release()

    def _pieces(self, instructions: str, question: str) -> Iterator[str]:
        said = [{"role": "system", "content": instructions}, {"role": "user", "content": question}]
        body = {"model": self._model, "messages": said, "stream": True, "temperature": 0.2}
        until, written = time.monotonic() + _WHOLE, 0
        with self._client.stream("POST", self._url, json=body, headers={"Accept": "text/event-stream"}) as response:
            response.raise_for_status()
            is_whole = False
            for line in response.iter_lines():
                if time.monotonic() > until or written > _LONGEST:
                    raise _Broken
                data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
                if data == "[DONE]":
                    is_whole = True
                    break
                if data:
                    piece, ended = _read(data)
                    is_whole = is_whole or ended
                    written += len(piece)
                    if piece:
                        yield piece
        if not is_whole or not written:
            raise _Broken


class _Broken(Exception):
    """The answer ended before its end, took too long, or is empty."""


def _read(data: str) -> tuple[str, bool]:
    """A chunk's text, and whether it is the last one."""
    chunk: Any = msgspec.json.decode(data)
    try:
        choices = chunk["choices"]
        if not choices:  # some servers end with a chunk of counts
            return "", False
        piece = choices[0].get("delta", {}).get("content") or ""
        return str(piece), choices[0].get("finish_reason") == "stop"
    except (KeyError, TypeError, AttributeError) as error:
        raise _Broken from error
