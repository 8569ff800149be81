"""A language model behind an OpenAI-compatible server; its answers are streamed."""

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

_TIMEOUTS_SECONDS = httpx.Timeout(connect=2, read=10, write=5, pool=1)
"""`read` limits the time between two parts of an answer, and the time before its first part."""
_MAX_ANSWER_SECONDS = 45.0
"""The longest time that a whole answer may take. A slower answer counts as a failure."""
_MAX_ANSWER_CHARACTERS = 20_000


class ChatModel:
    """The language model at `url`. It writes at most `max_concurrent` answers at a time; further requests fail."""

    def __init__(self, url: str, model: str, key: str | None, max_concurrent: int) -> None:
        self._url = url if url.endswith("/chat/completions") else f"{url}/chat/completions"
        self._model, self._free = model, threading.BoundedSemaphore(max_concurrent)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(timeout=_TIMEOUTS_SECONDS, headers=headers, trust_env=False)

    def write(self, instructions: str, question: str) -> Iterator[str]:
        if not self._free.acquire(blocking=False):
            raise ModelFailed("the model is busy")
        try:
            yield from self._pieces(instructions, question)
        except (httpx.HTTPError, msgspec.MsgspecError, UnicodeDecodeError, _IncompleteAnswer) as error:
            logger.warning("the language model failed: %s", type(error).__name__)
            raise ModelFailed(type(error).__name__) from error
        finally:
            self._free.release()

    def _pieces(self, instructions: str, question: str) -> Iterator[str]:
        messages = [{"role": "system", "content": instructions}, {"role": "user", "content": question}]
        body = {"model": self._model, "messages": messages, "stream": True, "temperature": 0.2}
        deadline, characters = time.monotonic() + _MAX_ANSWER_SECONDS, 0
        with self._client.stream("POST", self._url, json=body, headers={"Accept": "text/event-stream"}) as response:
            response.raise_for_status()
            is_complete = False
            for line in response.iter_lines():
                if time.monotonic() > deadline or characters > _MAX_ANSWER_CHARACTERS:
                    raise _IncompleteAnswer
                data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
                if data == "[DONE]":
                    is_complete = True
                    break
                if data:
                    piece, is_last = _parse_chunk(data)
                    is_complete = is_complete or is_last
                    characters += len(piece)
                    if piece:
                        yield piece
        if not is_complete or not characters:
            raise _IncompleteAnswer


class _IncompleteAnswer(Exception):
    """The answer is cut off, too long, too slow or empty."""


def _parse_chunk(data: str) -> tuple[str, bool]:
    """Return the text of a chunk, and whether it is the last chunk."""
    chunk: Any = msgspec.json.decode(data)
    try:
        choices = chunk["choices"]
        if not choices:  # some servers end with a chunk of token counts
            return "", False
        piece = choices[0].get("delta", {}).get("content") or ""
        return str(piece), choices[0].get("finish_reason") == "stop"
    except (KeyError, TypeError, AttributeError) as error:
        raise _IncompleteAnswer from error
