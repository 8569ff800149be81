"""The earlier secrets of an API key that still work at a given time."""

from __future__ import annotations

from datetime import datetime

import msgspec

from domain.api_key import ACTIVE


class WorkingSecret(msgspec.Struct, frozen=True, rename="camel"):
    """A secret that was replaced by a rotation but still works, and the time until which it works."""

    last_four: str
    works_until: datetime


def list_working(stored: bytes, state: str, at: datetime) -> tuple[WorkingSecret, ...]:
    """Return the earlier secrets that work at the time `at`, sorted by the time until which they work.

    `stored` is the value of the column `earlier_secrets`, as JSON. `state` is the state of the key: if it is revoked or
    expired, no secret works, and the result is empty.
    """
    if state != ACTIVE:
        return ()
    secrets = msgspec.json.decode(stored, type=list[WorkingSecret])
    return tuple(sorted((each for each in secrets if each.works_until > at), key=lambda each: each.works_until))
