"""When a mail that was not taken is tried again, and when it is given up."""

from __future__ import annotations

from datetime import timedelta

from infra.worker.mail.answer import Outcome
from infra.worker.mail.client import MESSAGE_SECONDS, STEP_SECONDS

GIVEN_UP_AFTER = timedelta(days=2)
"""How long after it was caused a mail is given up."""
LEASE = timedelta(seconds=MESSAGE_SECONDS + 4 * STEP_SECONDS)
"""How long a claimed mail belongs to its sender: longer than an attempt takes. If the sender is killed, another one
takes the mail after this time."""
_DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))


def delay_after(outcome: Outcome, attempts: int) -> timedelta:
    """Return the time before the next attempt, after this number of attempts, of which the last one ended so."""
    return timedelta(0) if outcome is Outcome.INTERRUPTED else _DELAYS[min(attempts, len(_DELAYS)) - 1]
