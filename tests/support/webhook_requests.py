"""Asks the sender for something as the API does: through functions that the application's log-in may call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.support.log_ins import application_of

TYPES = ["invoice.drafted"]
SAMPLE = b'{"type":"invoice.sent","timestamp":"2026-01-01T00:00:00Z","data":{"id":"evt_test"}}'


class WebhookRequests:
    """A connection as the application's log-in, for one organization, until the end of the block."""

    def __init__(self, database: str, org_id: str) -> None:
        self._opening, self._org_id = application_of(database), org_id

    def __enter__(self) -> WebhookRequests:
        self._conn = self._opening.__enter__()
        self._conn.execute("SELECT set_config('app.org', %s, false)", (self._org_id,))
        return self

    def __exit__(self, *error: Any) -> None:
        self._opening.__exit__(*error)

    def rows(self, sql: str, *values: object) -> list[Any]:
        return self._conn.execute(sql, values).fetchall()

    def test(self, webhook: str) -> Any:
        return self.rows("SELECT request_webhook_test(%s, 'invoice.sent', 'evt_test', %s)", webhook, SAMPLE)[0][0]

    def retry(self, webhook: str, delivery: str) -> Any:
        return self.rows("SELECT retry_webhook_delivery(%s, %s)", webhook, delivery)[0][0]

    def replay(self, webhook: str, after: int | None = None, since: datetime | None = None) -> Any:
        return self.rows("SELECT * FROM start_webhook_replay(%s, %s, %s, %s)", webhook, after, since, TYPES)[0]

    def cancel(self, webhook: str, replay: str) -> Any:
        return self.rows("SELECT cancel_webhook_replay(%s, %s)", webhook, replay)[0][0]

    def skip(self, webhook: str) -> Any:
        return self.rows("SELECT skip_webhook_events(%s, %s)", webhook, TYPES)[0][0]
