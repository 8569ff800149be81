"""Plans for lists that are requested again and again, such as those of dashboards and of programs that poll.

A list whose best plan depends on its values is planned for them at each request (PLAN_BY_VALUE). This can take as long
as reading the page. So a list that is requested often gets a statement of its own, with its values in the text.
PostgreSQL keeps the plan of such a statement, and makes a new one when the statistics of the table change
(docs/decisions/0033).
"""

from __future__ import annotations

import time

from infra.postgres.statements import Call, Statement, with_constants

OFTEN = 3
"""From this request on, within a period, a list has a statement of its own."""
PERIOD_SECONDS = 600.0
MAX_OWN = 64
"""How many lists of a period can have a statement of their own. Each connection prepares it, and keeps 200 in all."""
MAX_COUNTED = 2_000
"""How many lists are counted. If there are more, counting begins again."""

_Key = tuple[bytes, tuple[object, ...]]


class OwnPlans:
    """Counts the requests for each list, and makes the statements of those that are requested often.

    Several threads may use it at once. If two of them count the same request for each other, nothing but a count is
    wrong.
    """

    def __init__(self) -> None:
        self._counts: dict[_Key, int] = {}
        self._own: dict[_Key, Statement] = {}
        self._ends = 0.0

    def find(self, call: Call) -> Call | None:
        """Count this request. Return a call without parameters that selects the same, or None if it is rare so far."""
        now = time.monotonic()
        if now > self._ends or len(self._counts) >= MAX_COUNTED:
            self._counts, self._own, self._ends = {}, {}, now + PERIOD_SECONDS
        key = (call.statement.name, tuple(call.parameters))
        own = self._own.get(key)
        if own is None:
            count = self._counts[key] = self._counts.get(key, 0) + 1
            if count < OFTEN or len(self._own) >= MAX_OWN:
                return None
            own = self._own[key] = with_constants(call)
        return own.call()
