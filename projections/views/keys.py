"""Which secrets of an API key work at a time: its own state, and the ends of the secrets that were rotated out."""

from __future__ import annotations

from datetime import datetime

import msgspec

from domain.api_key import ACTIVE


class WorkingSecret(msgspec.Struct, frozen=True, rename="camel"):
    """A secret that was rotated out and still works, and the time until which it works."""

    last_four: str
    works_until: datetime


def list_working(stored: bytes, state: str, at: datetime) -> tuple[WorkingSecret, ...]:
    """Return the earlier secrets that work at this time, sorted by the time until which they work.

    `stored` is the column `earlier_secrets`. No secret works when the key itself was revoked or has expired.
    """
    if state != ACTIVE:
        return ()
    secrets = msgspec.json.decode(stored, type=list[WorkingSecret])
    return tuple(sorted((each for each in secrets if each.works_until > at), key=lambda each: each.works_until))
