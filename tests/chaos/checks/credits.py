"""Credits: of the requests that cost one, all that were answered have used one, and none more than were sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.chaos.checks.finding import Finding
from tests.chaos.load.record import Crash, Credits
from tests.support.client import Api

LOST_SECONDS = 1.0
"""A crash of the database may lose the credits of its last fraction of a second, as SECURITY.md says."""


def check_credits(url: str, keys: Iterable[Credits], crashes: Sequence[Crash]) -> list[Finding]:
    """Compare `used` of each key with its requests. `crashes` tells when the database was killed."""
    wrong, count = list[str](), 0
    for credits in keys:
        count += credits.answered
        with Api(url, credits.key) as api:
            used = api.read("usage")["used"]
        may_be_lost = sum(
            credits.answered_between(crash.earliest - LOST_SECONDS, crash.latest + LOST_SECONDS) for crash in crashes
        )
        if not credits.answered - may_be_lost <= used <= credits.sent:
            wrong.append(f"{credits.answered} answered, {used} used, {credits.sent} sent, {may_be_lost} may be lost")
    return [Finding("keys whose credits are not between answered and sent", wrong, count)]
