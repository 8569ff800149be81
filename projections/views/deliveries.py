"""The body of a webhook's delivery, as the Standard Webhooks specification recommends it."""

from __future__ import annotations

import msgspec

_encode = msgspec.json.Encoder().encode


class Envelope(msgspec.Struct):
    """The body of a delivery. `data` is the event as `/events` shows it with the object; `timestamp` is its time."""

    type: str
    timestamp: str
    data: msgspec.Raw


class _Time(msgspec.Struct, rename="camel"):
    occurred_at: str


def wrap_event(type: str, data: bytes) -> bytes:
    """Return the body of a delivery. `data` is the event as `/events` shows it."""
    time = msgspec.json.decode(data, type=_Time).occurred_at
    return _encode(Envelope(type, time, msgspec.Raw(data)))
